#include "ebm/objectives/noise_contrastive.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/error.h"
#include "ebm/joined_rows.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

double sigmoid(double x) {
  return x >= 0.0 ? 1.0 / (1.0 + std::exp(-x)) : std::exp(x) / (1.0 + std::exp(x));
}

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

/// The bias of the layer that gives the energies, as an index of nets::parameters(), and what one
/// unit of it adds to each energy.
struct EnergyBias {
  std::size_t index;
  float sign;
};

std::optional<EnergyBias> energy_bias(const nets::Architecture& net) {
  const nets::Layer::Op& last = net.layers.back().op;
  const bool is_logits = std::holds_alternative<nets::ClassLogits>(last);
  const auto all = nets::parameters(net);
  // A projection has a table behind its bias.
  const std::size_t behind = std::holds_alternative<nets::Projection>(last) ? 2 : 1;
  if (all.size() < behind) return std::nullopt;
  const std::size_t index = all.size() - behind;
  const std::int64_t size = is_logits ? net.classes : 1;
  if (all[index].kind != nets::ParameterKind::kBias || all[index].size() != size) {
    return std::nullopt;
  }
  return EnergyBias{index, is_logits ? -1.0f : 1.0f};
}

class NoiseContrastive : public Objective {
 public:
  explicit NoiseContrastive(const TrainOptions& options)
      : name_(objective_entry(options.objective).name), learns_(options.has_learned_noise()) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kNoise, .noise_weights = learns_};
  }
  void require_fitting(const nets::Architecture& net) const override {
    if (energy_bias(net)) return;
    throw Error(ErrorCode::kUsage,
                "objective = " + name_ +
                    ": the network must end with a layer of one output and a bias, which learns "
                    "ln Z");
  }
  void initialise(const Batch& batch, const EvaluatedNet& net,
                  training::TrainedNet& weights) const override {
    const auto mean = [](const std::vector<float>& values) {
      const double sum = std::accumulate(values.begin(), values.end(), 0.0);
      return sum / static_cast<double>(values.size());
    };
    const double energy = mean(net.energies(batch.positive_rows()));
    const auto shift = static_cast<float>(-mean(batch.log_noise) - energy);
    const auto bias = energy_bias(net.architecture());
    for (float& value : weights.tensors()[bias->index]) value += bias->sign * shift;
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    ObjectiveStep found =
        noise_contrastive(net, batch.positive_rows(), batch.negative_rows(), batch.log_noise);
    if (learns_) found.noise_weights = noise_ascent_weights(found.energies, batch.log_noise);
    return found;
  }

 private:
  std::string name_;
  bool learns_;
};

}  // namespace

ObjectiveStep noise_contrastive(const EvaluatedNet& net, const nets::Rows& positives,
                                const nets::Rows& negatives, std::span<const float> log_noise) {
  const std::int64_t n = std::ssize(positives.x) / net.architecture().input.size();
  const JoinedRows rows(positives, negatives);
  const auto logit = [&](std::int64_t row, float energy) {
    return -double{energy} - double{log_noise[static_cast<std::size_t>(row)]};
  };
  const auto coefficient = [&](std::int64_t row, float energy) {
    const double h = logit(row, energy);
    return static_cast<float>((row < n ? sigmoid(-h) : -sigmoid(h)) / static_cast<double>(n));
  };
  WeightGradient result = net.weight_gradient(rows.all(), coefficient);
  double sum[2] = {}, loss = 0.0;
  for (std::size_t i = 0; i < result.energies.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const double h = logit(row, result.energies[i]);
    sum[row < n ? 0 : 1] += double{result.energies[i]};
    loss += softplus(row < n ? -h : h);
  }
  const double b = static_cast<double>(n);
  return {.energy_data = sum[0] / b,
          .energy_samples = sum[1] / b,
          .loss = loss / b,
          .gradient = std::move(result.gradient),
          .energies = std::move(result.energies)};
}

std::vector<float> noise_ascent_weights(std::span<const float> energies,
                                        std::span<const float> log_noise) {
  const std::size_t n = energies.size() / 2;
  const double b = static_cast<double>(n);
  const auto logit = [&](std::size_t row) {
    return -double{energies[row]} - double{log_noise[row]};
  };
  double sum = 0.0;
  for (std::size_t i = n; i < 2 * n; ++i) sum += softplus(logit(i));
  std::vector<float> weights(2 * n);
  for (std::size_t i = 0; i < 2 * n; ++i) {
    const double h = logit(i), s = softplus(h);
    const double c = i < n ? sigmoid(-h) : s - (sum - s) / (b - 1.0) - sigmoid(h);
    weights[i] = static_cast<float>(c / b);
  }
  return weights;
}

std::unique_ptr<const Objective> make_noise_contrastive(const TrainOptions& options,
                                                        bool /*is_image*/) {
  return std::make_unique<NoiseContrastive>(options);
}

}  // namespace ebm
