#include "ebm/objectives/contrastive_divergence.h"

#include <cmath>
#include <utility>

#include "ebm/joined_rows.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

class ContrastiveDivergence : public Objective {
 public:
  ContrastiveDivergence(const TrainOptions& options, bool is_image)
      : energy_l2_(options.energy_l2),
        kl_weight_(options.kl_weight),
        langevin_(options.langevin(is_image)) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kChains, .before_last = kl_weight_ > 0.0};
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    ObjectiveStep found =
        contrastive_divergence(net, batch.positive_rows(), batch.negative_rows(), energy_l2_);
    if (kl_weight_ > 0.0) {
      found.loss +=
          kl_weight_ * add_kl_term(net, {batch.before_last, batch.negative_context},
                                   batch.negative_rows(), langevin_, kl_weight_, found.gradient);
    }
    return found;
  }

 private:
  double energy_l2_, kl_weight_;
  samplers::LangevinOptions langevin_;
};

}  // namespace

ObjectiveStep contrastive_divergence(const EvaluatedNet& net, const nets::Rows& positives,
                                     const nets::Rows& negatives, double energy_l2) {
  const std::int64_t n = std::ssize(positives.x) / net.architecture().input.size();
  const JoinedRows rows(positives, negatives);
  const auto coefficient = [&](std::int64_t row, float energy) {
    const double sign = row < n ? 1.0 : -1.0;
    return static_cast<float>((sign + 2.0 * energy_l2 * energy) / static_cast<double>(n));
  };
  WeightGradient result = net.weight_gradient(rows.all(), coefficient);
  double sum[2] = {}, squares = 0.0;
  for (std::size_t row = 0; row < result.energies.size(); ++row) {
    const double energy = result.energies[row];
    sum[static_cast<std::int64_t>(row) < n ? 0 : 1] += energy;
    squares += energy * energy;
  }
  const double b = static_cast<double>(n);
  return {.energy_data = sum[0] / b,
          .energy_samples = sum[1] / b,
          .loss = (sum[0] - sum[1] + energy_l2 * squares) / b,
          .guarded_gap = sum[0] / b - sum[1] / b,
          .gradient = std::move(result.gradient),
          .energies = std::move(result.energies)};
}

double add_kl_term(const EvaluatedNet& net, const nets::Rows& before, const nets::Rows& after,
                   const samplers::LangevinOptions& langevin, double weight,
                   std::vector<std::vector<float>>& gradient) {
  const auto dim = static_cast<std::size_t>(net.architecture().input.size());
  const EvaluatedNet::EnergyGradients ends = net.energy_gradients(after);
  const double n = static_cast<double>(ends.energies.size());
  const auto factor = static_cast<float>(-weight * static_cast<double>(langevin.step_size) / n);
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    for (std::size_t i = 0; i < dim; ++i) {
      const std::size_t at = static_cast<std::size_t>(row) * dim + i;
      const bool is_clamped =
          langevin.clamp_energy_grad && !(std::abs(grad[i]) < *langevin.clamp_energy_grad);
      const bool is_held =
          langevin.box && !(after.x[at] > langevin.box->low && after.x[at] < langevin.box->high);
      if (!is_clamped && !is_held) v[i] = factor * ends.energy_grads[at];
    }
  };
  add_to(gradient, net.mixed_gradient(before, direction, /*in_float32=*/true));
  double sum = 0.0;
  for (const float energy : ends.energies) sum += energy;
  return sum / n;
}

std::unique_ptr<const Objective> make_contrastive_divergence(const TrainOptions& options,
                                                             bool is_image) {
  return std::make_unique<ContrastiveDivergence>(options, is_image);
}

}  // namespace ebm
