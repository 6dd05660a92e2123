#include "gan/critic_step.h"

#include <algorithm>
#include <cmath>

#include "samplers/chain_block.h"
#include "samplers/run_chains.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/weight_gradient.h"

namespace ebm::gan {
namespace {

/// ‖xᵢ − yᵢ‖ of each pair.
std::vector<float> distances_of(std::span<const float> rows, std::int64_t n) {
  const auto dim = rows.size() / static_cast<std::size_t>(2 * n);
  std::vector<float> distances;
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < dim; ++j) {
      const double d = double{rows[i * dim + j]} - double{rows[rows.size() / 2 + i * dim + j]};
      sum += d * d;
    }
    distances.push_back(static_cast<float>(std::sqrt(sum)));
  }
  return distances;
}

CriticOutputs outputs_of(std::span<const float> logits) {
  const std::size_t n = logits.size() / 2;
  return {.real = logits.first(n), .fake = logits.subspan(n), .distances = {}};
}

/// Adds ∂θ of mean f(‖∇D‖), which is that of v·∇E with v = f'(‖∇E‖)·∇E/(‖∇E‖·n) held, to a
/// gradient. Returns the penalty.
double add_penalty(const GradientPenalty& penalty, const torch_nets::TorchNet& critic,
                   std::span<const float> places, int n_threads,
                   const std::vector<torch::Tensor>& gradient) {
  const std::int64_t n =
      static_cast<std::int64_t>(places.size()) / critic.architecture().input.size();
  std::vector<double> values(static_cast<std::size_t>(n));
  const auto vectors = [&](std::int64_t first, const torch::Tensor& grad) {
    const auto norms = torch_nets::to_vector(grad.norm(2, /*dim=*/1));
    auto scale = torch::empty({grad.size(0), 1});
    for (std::size_t i = 0; i < norms.size(); ++i) {
      const double norm = norms[i];
      values[static_cast<std::size_t>(first) + i] = penalty.value(penalty.weight, norm);
      scale.data_ptr<float>()[i] =
          norm > 0.0 ? static_cast<float>(penalty.derivative(penalty.weight, norm) /
                                          (norm * static_cast<double>(n)))
                     : 0.0f;
    }
    return grad * scale;
  };
  const auto found = torch_nets::mixed_gradient(critic, places, vectors, n_threads);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i].add_(found.gradient[i]);
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(n);
}

/// Where the penalty is taken.
std::vector<float> places_of(GradientPenalty::At at, std::span<const float> rows,
                             std::span<const float> mix) {
  const std::size_t half = rows.size() / 2;
  std::vector<float> places(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(half));
  if (at == GradientPenalty::At::kReal) return places;
  const std::size_t dim = half / mix.size();
  for (std::size_t i = 0; i < half; ++i) {
    const float u = mix[i / dim];
    places[i] = u * rows[i] + (1.0f - u) * rows[half + i];
  }
  return places;
}

}  // namespace

std::vector<float> CriticValues::logits() const {
  std::vector<float> logits(energies.size());
  std::transform(energies.begin(), energies.end(), logits.begin(), [](float e) { return -e; });
  return logits;
}

CriticValues critic_values(const nets::CompiledNet& critic, std::span<const float> rows,
                           int n_threads) {
  const std::int64_t dim = critic.dim();
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / dim;
  samplers::ChainStore items(n, dim);
  items.load_rows(rows);
  samplers::evaluate_chains(critic, items, n_threads);
  CriticValues values{.energies = std::vector<float>(static_cast<std::size_t>(n)),
                      .energy_grad = std::vector<float>(rows.size())};
  items.store_energy(values.energies);
  items.store_energy_grad(values.energy_grad);
  const auto half = static_cast<std::ptrdiff_t>(rows.size() / 2);
  values.energy_grad.erase(values.energy_grad.begin(), values.energy_grad.begin() + half);
  return values;
}

CriticStep critic_step(const Objective& objective, const torch_nets::TorchNet& critic,
                       const nets::CompiledNet& compiled, std::span<const float> rows,
                       std::span<const float> mix, int n_threads) {
  const auto logits = critic_values(compiled, rows, n_threads).logits();
  CriticOutputs outputs = outputs_of(logits);
  const auto n = static_cast<std::int64_t>(outputs.real.size());
  std::vector<float> distances;
  if (objective.wants_distances()) distances = distances_of(rows, n);
  outputs.distances = distances;
  const OutputLoss loss = objective.critic_loss(outputs);
  // ∂L/∂E = −∂L/∂d.
  const auto coefficient = [&](std::int64_t row, float) {
    const auto i = static_cast<std::size_t>(row < n ? row : row - n);
    return static_cast<float>(-(row < n ? loss.real : loss.fake)[i]);
  };
  CriticStep step{.loss = loss.value,
                  .gradient = torch_nets::compiled_weight_gradient(critic, compiled, rows,
                                                                   coefficient, n_threads)
                                  .gradient};
  if (const auto penalty = objective.gradient_penalty()) {
    step.loss +=
        add_penalty(*penalty, critic, places_of(penalty->at, rows, mix), n_threads, step.gradient);
  }
  return step;
}

GeneratorStep generator_step(const Objective& objective, const CriticValues& values,
                             std::int64_t dim) {
  const auto logits = values.logits();
  const OutputLoss loss = objective.generator_loss(outputs_of(logits));
  GeneratorStep step{.loss = loss.value, .vectors = values.energy_grad};
  for (std::size_t i = 0; i < step.vectors.size(); ++i) {
    step.vectors[i] *= static_cast<float>(-loss.fake[i / static_cast<std::size_t>(dim)]);
  }
  return step;
}

}  // namespace ebm::gan
