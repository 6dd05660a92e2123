#include "ebm/noise_contrastive.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "torch_nets/compiled_backend.h"
#include "torch_nets/weight_gradient.h"

namespace ebm {
namespace {

double sigmoid(double x) {
  return x >= 0.0 ? 1.0 / (1.0 + std::exp(-x)) : std::exp(x) / (1.0 + std::exp(x));
}

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

}  // namespace

ObjectiveStep noise_contrastive(const torch_nets::TorchNet& net, const nets::CompiledNet* compiled,
                                std::span<const float> positives, std::span<const float> negatives,
                                std::span<const float> log_noise, int n_threads) {
  const std::int64_t dim = net.architecture().input.size();
  const std::int64_t n = static_cast<std::int64_t>(positives.size()) / dim;
  std::vector<float> rows(positives.begin(), positives.end());
  rows.insert(rows.end(), negatives.begin(), negatives.end());
  const auto logit = [&](std::int64_t row, float energy) {
    return -double{energy} - double{log_noise[static_cast<std::size_t>(row)]};
  };
  const auto coefficient = [&](std::int64_t row, float energy) {
    const double h = logit(row, energy);
    return static_cast<float>((row < n ? sigmoid(-h) : -sigmoid(h)) / static_cast<double>(n));
  };
  auto result = compiled == nullptr ? torch_nets::weight_gradient(net, rows, coefficient, n_threads)
                                    : torch_nets::compiled_weight_gradient(net, *compiled, rows,
                                                                           coefficient, n_threads);
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

}  // namespace ebm
