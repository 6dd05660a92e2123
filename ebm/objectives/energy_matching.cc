#include "ebm/objectives/energy_matching.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "ebm/joined_rows.h"
#include "ebm/line_regression.h"
#include "ebm/train_options.h"
#include "ebm/transport_pairs.h"
#include "nets/architecture/smoothness.h"

namespace ebm {
namespace {

double mean_of(std::span<const float> values) {
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return sum / static_cast<double>(values.size());
}

/// The rows in another order.
std::vector<float> reordered(std::span<const float> rows, std::span<const std::int64_t> order,
                             std::int64_t dim) {
  std::vector<float> result;
  result.reserve(rows.size());
  for (const std::int64_t row : order) {
    const auto from = rows.begin() + row * dim;
    result.insert(result.end(), from, from + dim);
  }
  return result;
}

class EnergyMatching : public Objective {
 public:
  explicit EnergyMatching(const TrainOptions& options)
      : optimal_pairs_(options.optimal_pairs), contrast_weight_(options.contrast_weight) {}
  Needs needs() const override {
    return {.negatives = contrast_weight_ > 0.0 ? NegativeSource::kFlow : NegativeSource::kNone,
            .normals = 1,
            .uniforms = 1};
  }
  void require_fitting(const nets::Architecture& net) const override {
    nets::require_smooth(net, "objective = energy-matching");
  }
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    langevin.sampler = samplers::SamplerKind::kGradientFlow;
    langevin.langevin.clamp_energy_grad.reset();
    langevin.start_sd = 1.0f;
    return langevin;
  }
  std::vector<const char*> own_columns() const override { return {"energy_noise"}; }

  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    std::vector<float> paired;
    if (optimal_pairs_) {
      const std::int64_t dim = net.architecture().input.size();
      paired = reordered(batch.normals, transport_pairs(batch.positives, batch.normals, dim), dim);
    }
    ObjectiveStep found = energy_matching(net, batch.positive_rows(),
                                          optimal_pairs_ ? paired : batch.normals, batch.uniforms);
    found.energies.clear();
    if (!batch.negatives.empty()) {
      Contrast contrast = add_contrast(net, batch.positive_rows(), batch.negative_rows(),
                                       contrast_weight_, found.gradient);
      found.loss += contrast.value;
      found.guarded_gap = contrast.gap;
      const std::span all(contrast.energies);
      found.energy_data = mean_of(all.first(all.size() / 2));
      found.energy_samples = mean_of(all.subspan(all.size() / 2));
      found.energies = std::move(contrast.energies);
    }
    found.has_samples = !batch.negatives.empty();
    record_energies_of_ends(net, batch, found);
    return found;
  }

 private:
  bool optimal_pairs_;
  double contrast_weight_;
};

/// Of a contrast with its weight.
constexpr double kMinContrast = -0.02;
constexpr double kTrimmed = 0.1;

/// The energy from which on the highest tenth is left out.
float trim_limit(std::span<const float> energies) {
  std::vector<float> sorted(energies.begin(), energies.end());
  std::ranges::sort(sorted);
  const auto n = static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::ceil((1.0 - kTrimmed) * n)) - 1];
}

}  // namespace

Contrast add_contrast(const EvaluatedNet& net, const nets::Rows& positives,
                      const nets::Rows& negatives, double weight,
                      std::vector<std::vector<float>>& gradient) {
  const JoinedRows rows(positives, negatives);
  Contrast found{.gap = 0.0, .value = 0.0, .energies = net.energies(rows.all())};
  const std::size_t n = found.energies.size() / 2;
  const auto of_samples = std::span<const float>(found.energies).subspan(n);
  const float limit = trim_limit(of_samples);
  double sum = 0.0, kept = 0.0;
  for (const float energy : of_samples) {
    if (energy > limit) continue;
    sum += double{energy};
    kept += 1.0;
  }
  found.gap = mean_of(std::span<const float>(found.energies).first(n)) - sum / kept;
  found.value = std::max(weight * found.gap, kMinContrast);
  if (weight * found.gap <= kMinContrast) return found;
  const auto coefficient = [&](std::int64_t row, float /*energy*/) {
    const auto i = static_cast<std::size_t>(row);
    if (i < n) return static_cast<float>(weight / static_cast<double>(n));
    return found.energies[i] > limit ? 0.0f : static_cast<float>(-weight / kept);
  };
  add_to(gradient, net.weight_gradient(rows.all(), coefficient));
  return found;
}

ObjectiveStep energy_matching(const EvaluatedNet& net, const nets::Rows& data,
                              std::span<const float> noise, std::span<const float> times) {
  return line_regression(net, data, noise, times, std::vector<double>(times.size(), 1.0));
}

std::unique_ptr<const Objective> make_energy_matching(const TrainOptions& options,
                                                      bool /*is_image*/) {
  return std::make_unique<EnergyMatching>(options);
}

}  // namespace ebm
