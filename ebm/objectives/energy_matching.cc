#include "ebm/objectives/energy_matching.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "ebm/joined_rows.h"
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
  explicit EnergyMatching(const TrainOptions& options) : optimal_pairs_(options.optimal_pairs) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kNone, .normals = 1, .uniforms = 1};
  }
  void require_fitting(const nets::Architecture& net) const override {
    nets::require_smooth(net, "objective = energy-matching");
  }
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    langevin.sampler = samplers::SamplerKind::kGradientFlow;
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
    std::optional<double> of_noise;
    if (batch.is_recorded) {
      const JoinedRows ends(batch.positive_rows(), {batch.normals, batch.positive_context});
      found.energies = net.energy_gradients(ends.all()).energies;
      const std::span all(found.energies);
      found.energy_data = mean_of(all.first(all.size() / 2));
      of_noise = mean_of(all.subspan(all.size() / 2));
      found.energies.resize(all.size() / 2);
    }
    found.figures = {training::figure_if("energy_noise", of_noise)};
    return found;
  }

 private:
  bool optimal_pairs_;
};

}  // namespace

ObjectiveStep energy_matching(const EvaluatedNet& net, const nets::Rows& data,
                              std::span<const float> noise, std::span<const float> times) {
  const auto dim = static_cast<std::size_t>(net.architecture().input.size());
  std::vector<float> between(data.x.size());
  for (std::size_t i = 0; i < between.size(); ++i) {
    between[i] = noise[i] + times[i / dim] * (data.x[i] - noise[i]);
  }
  const double n_values = static_cast<double>(between.size());
  std::vector<double> losses(times.size());
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    double sum = 0.0;
    for (std::size_t i = 0; i < dim; ++i) {
      const std::size_t at = static_cast<std::size_t>(row) * dim + i;
      const double error = double{grad[i]} + double{data.x[at]} - double{noise[at]};
      sum += error * error;
      v[i] = static_cast<float>(2.0 * error / n_values);
    }
    losses[static_cast<std::size_t>(row)] = sum;
  };
  WeightGradient result = net.mixed_gradient({between, data.context}, direction);
  return {.loss = std::accumulate(losses.begin(), losses.end(), 0.0) / n_values,
          .gradient = std::move(result.gradient),
          .energies = std::move(result.energies)};
}

std::unique_ptr<const Objective> make_energy_matching(const TrainOptions& options,
                                                      bool /*is_image*/) {
  return std::make_unique<EnergyMatching>(options);
}

}  // namespace ebm
