#include "ebm/contrastive_divergence.h"

#include "torch_nets/compiled_backend.h"
#include "torch_nets/weight_gradient.h"

namespace ebm {

ObjectiveStep contrastive_divergence(const torch_nets::TorchNet& net,
                                     const nets::CompiledNet* compiled,
                                     std::span<const float> positives,
                                     std::span<const float> negatives, double energy_l2,
                                     int n_threads) {
  const std::int64_t dim = net.architecture().input.size();
  const std::int64_t n = static_cast<std::int64_t>(positives.size()) / dim;
  std::vector<float> rows(positives.begin(), positives.end());
  rows.insert(rows.end(), negatives.begin(), negatives.end());
  const auto coefficient = [&](std::int64_t row, float energy) {
    const double sign = row < n ? 1.0 : -1.0;
    return static_cast<float>((sign + 2.0 * energy_l2 * energy) / static_cast<double>(n));
  };
  auto result = compiled == nullptr ? torch_nets::weight_gradient(net, rows, coefficient, n_threads)
                                    : torch_nets::compiled_weight_gradient(net, *compiled, rows,
                                                                           coefficient, n_threads);
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
          .gradient = std::move(result.gradient),
          .energies = std::move(result.energies)};
}

double add_kl_term(const torch_nets::TorchNet& net, std::span<const float> before,
                   std::span<const float> after, const samplers::LangevinOptions& langevin,
                   double weight, int n_threads, const std::vector<torch::Tensor>& gradient) {
  const std::int64_t dim = net.architecture().input.size();
  const std::int64_t n = static_cast<std::int64_t>(after.size()) / dim;
  const auto frozen = net.frozen_weights();
  std::vector<float> energies(static_cast<std::size_t>(n));
  const auto vectors = [&](std::int64_t first, const torch::Tensor& grad) {
    const std::int64_t rows = grad.size(0);
    auto x = torch::from_blob(const_cast<float*>(after.data() + first * dim), {rows, dim})
                 .clone()
                 .to(grad.device())
                 .requires_grad_(true);
    const auto energy = net.forward_with(frozen, x);
    auto v = torch::autograd::grad({energy.sum()}, {x})[0];
    const torch::NoGradGuard no_grad;
    const auto values = torch_nets::to_vector(energy);
    std::copy(values.begin(), values.end(), energies.begin() + first);
    if (langevin.clamp_energy_grad) v = v * (grad.abs() < *langevin.clamp_energy_grad);
    if (langevin.box) v = v * ((x > langevin.box->low) & (x < langevin.box->high));
    return v * (-weight * static_cast<double>(langevin.step_size) / static_cast<double>(n));
  };
  const auto term = torch_nets::mixed_gradient(net, before, vectors, n_threads);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i].add_(term.gradient[i]);
  double sum = 0.0;
  for (const float energy : energies) sum += energy;
  return sum / static_cast<double>(n);
}

}  // namespace ebm
