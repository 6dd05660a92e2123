#include "ebm/line_regression.h"

#include <cstddef>
#include <numeric>
#include <optional>
#include <utility>

namespace ebm {
namespace {

double mean_energy(std::span<const float> energies) {
  const double sum = std::accumulate(energies.begin(), energies.end(), 0.0);
  return sum / static_cast<double>(energies.size());
}

}  // namespace

ObjectiveStep line_regression(const EvaluatedNet& net, const nets::Rows& data,
                              std::span<const float> noise, std::span<const float> times,
                              std::span<const double> factors) {
  const auto dim = static_cast<std::size_t>(net.architecture().input.size());
  std::vector<float> between(data.x.size());
  for (std::size_t i = 0; i < between.size(); ++i) {
    between[i] = noise[i] + times[i / dim] * (data.x[i] - noise[i]);
  }
  const double n_values = static_cast<double>(between.size());
  std::vector<double> losses(times.size());
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    const double c = factors[static_cast<std::size_t>(row)];
    double sum = 0.0;
    for (std::size_t i = 0; i < dim; ++i) {
      const std::size_t at = static_cast<std::size_t>(row) * dim + i;
      const double error = double{grad[i]} + c * double{data.x[at]} - c * double{noise[at]};
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

void record_energies_of_ends(const EvaluatedNet& net, const Batch& batch, ObjectiveStep& step) {
  std::optional<double> of_noise;
  if (batch.is_recorded) {
    of_noise = mean_energy(net.energies({batch.normals, batch.positive_context}));
    if (step.energies.empty()) {
      step.energies = net.energies(batch.positive_rows());
      step.energy_data = mean_energy(step.energies);
    }
  }
  step.figures = {training::figure_if("energy_noise", of_noise)};
}

}  // namespace ebm
