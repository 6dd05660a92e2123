#include "ebm/recovery_negatives.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/random.h"
#include "samplers/chain_driver.h"
#include "samplers/initial_states.h"

namespace ebm {
namespace {

class RecoveryNegatives : public Negatives {
 public:
  explicit RecoveryNegatives(const TrainOptions& options) : options_(options), levels_(options) {}

  void draw(const EvaluatedNet& net, const training::RunCounters& at, Batch& batch) override {
    const std::int64_t dim = net.architecture().input.size();
    const auto width = static_cast<std::size_t>(dim);
    const NoisyBatch noisy(batch, dim, levels_.range);
    const NoisyRows rows = noisy.rows();
    const auto key_of = [&](base::Domain domain) {
      return base::RandomKey{static_cast<std::uint64_t>(options_.seed), domain, at.generation()};
    };
    // Chains of other iterations have other numbers.
    const auto id = static_cast<std::uint64_t>(at.iteration * options_.batch_size);
    std::vector<float> noise(rows.x.size());
    samplers::draw_initial_states(key_of(base::Domain::kChainInit), id, dim, std::nullopt, noise);
    const auto growth = static_cast<float>(std::sqrt(levels_.ratio * levels_.ratio - 1.0));
    batch.negatives.assign(rows.x.begin(), rows.x.end());
    for (std::size_t i = 0; i < noise.size(); ++i) {
      batch.negatives[i] += growth * rows.levels[i / width] * noise[i];
    }
    batch.negative_context = batch.positive_context;
    net.chain_driver().advance(batch.negatives, {.n_steps = levels_.n_steps,
                                                 .first_chain_id = id,
                                                 .key = key_of(base::Domain::kChainNoise),
                                                 .context = rows.context});
  }

  void add_to(nets::UnwrittenFiles& /*files*/) const override {}
  void restore(const nets::CheckpointFiles& /*files*/, const std::string& /*origin*/) override {}
  void start_afresh() override {}
  training::Learner::Work work() const override {
    return {"chain_steps_per_s", static_cast<double>(options_.batch_size * levels_.n_steps)};
  }

 private:
  TrainOptions options_;
  RecoveryLevels levels_;
};

}  // namespace

RecoveryLevels::RecoveryLevels(const TrainOptions& options)
    : ratio(std::pow(options.noise_sd_max / options.noise_sd_min,
                     1.0 / static_cast<double>(options.noise_levels))),
      // Of options that are yet to be validated, too, of which it is asked what they need.
      n_steps(options.sample_steps / std::max<std::int64_t>(options.noise_levels, 1)) {
  range = {.lowest = options.noise_sd_min, .highest = options.noise_sd_max / ratio};
}

std::unique_ptr<Negatives> recovery_negatives(const TrainOptions& options) {
  return std::make_unique<RecoveryNegatives>(options);
}

}  // namespace ebm
