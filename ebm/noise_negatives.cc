#include "ebm/noise_negatives.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

namespace ebm {
namespace {

class NoiseNegatives : public Negatives {
 public:
  NoiseNegatives(const TrainOptions& options, const NegativeSetting& setting,
                 training::NoiseDistribution& noise)
      : options_(options),
        noise_(noise),
        classes_(setting.classes),
        learns_(setting.needs.noise_weights) {
    base::require_size("noise", static_cast<std::size_t>(noise.dim()), setting.dim,
                       "as many values as an item of the data");
    if (learns_ && !noise.can_learn()) {
      throw Error(ErrorCode::kUsage,
                  "noise_learning_rate = " + base::number_text(options.noise_learning_rate) +
                      ": needs noise that can learn");
    }
  }

  void describe_data(Batch& batch) const override {
    batch.log_noise.resize(static_cast<std::size_t>(options_.batch_size));
    noise_.log_density(batch.positives, batch.log_noise);
  }
  void draw(const EvaluatedNet& /*net*/, const training::RunCounters& at, Batch& batch) override {
    const std::int64_t n = options_.batch_size;
    batch.negatives.resize(batch.positives.size());
    const auto first = static_cast<std::uint64_t>(at.iteration * n);
    noise_.draw(key(at), first, batch.negatives);
    batch.negative_context.resize(batch.positive_context.size());
    if (classes_) classes_->draw_all(first, at.generation(), batch.negative_context);
    batch.log_noise.resize(static_cast<std::size_t>(2 * n));
    const std::span all(batch.log_noise);
    noise_.log_density(batch.positives, all.first(all.size() / 2));
    noise_.log_density(batch.negatives, all.subspan(all.size() / 2));
  }
  std::optional<std::string> learn(const Batch& batch, const ObjectiveStep& step, double rate,
                                   const training::RunCounters& at) override {
    if (!learns_) return std::nullopt;
    std::vector<float> rows(batch.positives);
    rows.insert(rows.end(), batch.negatives.begin(), batch.negatives.end());
    const double norm = noise_.ascend(rows, step.noise_weights, options_.noise_learning_rate * rate,
                                      at.iteration, key(at));
    if (std::isfinite(norm)) return std::nullopt;
    return "the gradient of the noise is " + base::number_text(norm);
  }

  void add_to(nets::UnwrittenFiles& files) const override {
    if (!learns_) return;
    nets::CheckpointFiles own;
    noise_.add_to(own);
    for (auto& [name, bytes] : own) files.emplace(name, std::move(bytes));
  }
  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    if (learns_) noise_.restore(files, origin);
  }
  void start_afresh() override {
    if (learns_) noise_.start_afresh();
  }

  training::Learner::Work work() const override {
    return {"images_per_s", static_cast<double>(options_.batch_size)};
  }

 private:
  base::RandomKey key(const training::RunCounters& at) const {
    return {static_cast<std::uint64_t>(options_.seed), base::Domain::kNoiseDraw, at.generation()};
  }

  TrainOptions options_;
  training::NoiseDistribution& noise_;
  std::optional<ClassConditions> classes_;
  bool learns_;
};

}  // namespace

std::unique_ptr<Negatives> noise_negatives(const TrainOptions& options,
                                           const NegativeSetting& setting,
                                           training::NoiseDistribution& noise) {
  return std::make_unique<NoiseNegatives>(options, setting, noise);
}

}  // namespace ebm
