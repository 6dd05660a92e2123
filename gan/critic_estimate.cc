#include "gan/critic_estimate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/random.h"
#include "base/require.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/libtorch.h"
#include "torch_nets/tensor_views.h"
#include "torch_nets/torch_net.h"
#include "torch_nets/weight_gradient.h"
#include "training/adam.h"
#include "training/learning_rate.h"

namespace ebm::gan {
namespace {

/// @throws Error(kUsage) for what may be steeper than the norms say.
nets::Architecture with_spectral_norms(nets::Architecture architecture) {
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    nets::Layer& layer = architecture.layers[i];
    const auto* activation = std::get_if<nets::Activation>(&layer.op);
    if (auto* linear = std::get_if<nets::Linear>(&layer.op)) {
      linear->spectral_norm = true;
    } else if (!std::holds_alternative<nets::Flatten>(layer.op) &&
               (activation == nullptr || activation->kind == nets::ActivationKind::kSilu)) {
      throw Error(ErrorCode::kUsage,
                  nets::layer_path("layer ", i, layer) +
                      ": a critic held by spectral norms takes linear layers and "
                      "activations of slope 1 at most");
    }
  }
  return architecture;
}

void require_fitting(const nets::Architecture& architecture, const metrics::FeatureView& x,
                     const metrics::FeatureView& y) {
  metrics::require_equal_dim(x, y);
  if (architecture.input.size() == x.d()) return;
  throw Error(ErrorCode::kShape, x.name() + " has rows of " + std::to_string(x.d()) +
                                     "; the critic takes " + nets::to_string(architecture.input));
}

/// Rows drawn with replacement.
void draw_rows(const metrics::FeatureView& from, base::RandomStream random, std::int64_t n,
               float* out) {
  for (std::int64_t i = 0; i < n; ++i) {
    const auto row =
        static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(from.n())));
    std::copy_n(from.row(row), from.d(), out + i * from.d());
  }
}

/// A batch: rows of x, then rows of y, then rows between them.
struct CriticBatch {
  std::vector<float> rows;     ///< [2·B, d]
  std::vector<float> between;  ///< [B, d]

  CriticBatch(std::int64_t size, std::int64_t dim)
      : rows(static_cast<std::size_t>(2 * size * dim)),
        between(static_cast<std::size_t>(size * dim)) {}

  void draw(const metrics::FeatureView& x, const metrics::FeatureView& y, std::uint64_t seed,
            std::int64_t iteration) {
    const std::int64_t dim = x.d(), size = static_cast<std::int64_t>(between.size()) / dim;
    const base::RandomKey key{seed, base::Domain::kCritic};
    const auto stream = static_cast<std::uint64_t>(3 * iteration);
    draw_rows(x, base::RandomStream(key, stream), size, rows.data());
    draw_rows(y, base::RandomStream(key, stream + 1), size, rows.data() + size * dim);
    base::RandomStream mix(key, stream + 2);
    for (std::int64_t i = 0; i < size; ++i) {
      const float u = mix.next_uniform();
      for (std::int64_t j = i * dim; j < (i + 1) * dim; ++j) {
        const auto at = static_cast<std::size_t>(j);
        between[at] = u * rows[at] + (1.0f - u) * rows[at + between.size()];
      }
    }
  }
};

/// ∂θ of λ·mean (‖∇D‖ − 1)², which is that of v·∇D with v = 2λ(‖∇D‖ − 1)·∇D/(‖∇D‖·B) held.
std::vector<torch::Tensor> penalty_gradient(const torch_nets::TorchNet& net,
                                            const CriticBatch& batch,
                                            const CriticOptions& options) {
  const double scale = 2.0 * options.penalty / static_cast<double>(options.batch_size);
  return torch_nets::mixed_gradient(
             net, batch.between,
             [&](std::int64_t, const torch::Tensor& grad) {
               const auto norm = grad.norm(2, /*dim=*/1, /*keepdim=*/true).clamp_min(1e-12);
               return scale * (1.0 - 1.0 / norm) * grad;
             },
             options.n_threads)
      .gradient;
}

/// −∇(mean D(x) − mean D(y)) with D = −E, and the penalty.
std::vector<torch::Tensor> loss_gradient(const torch_nets::TorchNet& net, const CriticBatch& batch,
                                         const CriticOptions& options, std::int64_t iteration) {
  const float share = 1.0f / static_cast<float>(options.batch_size);
  auto result = torch_nets::weight_gradient(
      net, batch.rows,
      [&](std::int64_t row, float) { return row < options.batch_size ? share : -share; },
      options.n_threads);
  for (const float energy : result.energies) {
    if (std::isfinite(energy)) continue;
    throw Error(ErrorCode::kDiverged,
                "the critic diverged at iteration " + std::to_string(iteration + 1) +
                    ": its output is not finite; take a smaller learning rate");
  }
  if (options.rule == CriticRule::kGradientPenalty) {
    const auto penalty = penalty_gradient(net, batch, options);
    for (std::size_t i = 0; i < penalty.size(); ++i) result.gradient[i] += penalty[i];
  }
  return result.gradient;
}

torch::Tensor tensor_of(const metrics::FeatureView& rows) {
  auto out = torch::empty({rows.n(), rows.d()});
  std::copy_n(rows.values().data(), rows.values().size(), out.data_ptr<float>());
  return out;
}

double mean_critic(const torch_nets::TorchNet& net, const metrics::FeatureView& rows) {
  const torch::NoGradGuard no_grad;
  return -net.forward_with(net.frozen_weights(), tensor_of(rows))
              .to(torch::kFloat64)
              .mean()
              .item<double>();
}

double largest_gradient_norm(const torch_nets::TorchNet& net, const metrics::FeatureView& rows) {
  const auto x = tensor_of(rows).requires_grad_();
  const auto energies = net.forward_with(net.frozen_weights(), x);
  return torch::autograd::grad({energies.sum()}, {x})[0].norm(2, 1).max().item<double>();
}

/// The product of the layers' true norms, by singular values.
double bound_on_gradient_norm(const torch_nets::TorchNet& net) {
  double bound = 1.0;
  for (const auto& weight : net.frozen_weights()) {
    if (weight.dim() != 2) continue;
    bound *= torch::linalg_svdvals(weight.to(torch::kFloat64)).max().item<double>();
  }
  return bound;
}

}  // namespace

void CriticOptions::validate() const {
  base::require_positive("penalty", penalty);
  base::require_at_least("iterations", n_iterations, 1);
  base::require_at_least("batch_size", batch_size, 1);
  base::require_positive("learning_rate", learning_rate);
  base::require_at_least("threads", n_threads, 1);
}

CriticEstimate estimate_by_critic(const nets::Architecture& architecture,
                                  const metrics::FeatureView& x, const metrics::FeatureView& y,
                                  const CriticOptions& options) {
  options.validate();
  require_fitting(architecture, x, y);
  torch_nets::use_one_intraop_thread();
  const base::FlushDenormals flush;
  const bool has_norms = options.rule == CriticRule::kSpectralNorm;
  torch_nets::TorchNet net(has_norms ? with_spectral_norms(architecture) : architecture,
                           options.seed);
  // A short memory of squares, as the first gradients of a penalty are by far the largest.
  training::Adam adam(torch_nets::trained_tensors(net.trainable_names(), net.trainable()),
                      {.beta1 = 0.0, .beta2 = 0.9});
  const training::LearningRate rate{.peak = options.learning_rate,
                                    .schedule = training::RateSchedule::kCosine,
                                    .decay_start = 0,
                                    .decay_end = options.n_iterations,
                                    .final_fraction = 0.01};
  CriticBatch batch(options.batch_size, x.d());
  for (std::int64_t i = 0; i < options.n_iterations; ++i) {
    batch.draw(x, y, options.seed, i);
    if (has_norms) net.power_iteration(1);
    auto gradient = loss_gradient(net, batch, options, i);
    adam.step(torch_nets::views_of(gradient), rate.at(i));
  }
  if (has_norms) net.power_iteration(100);
  return {.value = mean_critic(net, x) - mean_critic(net, y),
          .gradient_norm =
              has_norms ? bound_on_gradient_norm(net)
                        : std::max(largest_gradient_norm(net, x), largest_gradient_norm(net, y))};
}

}  // namespace ebm::gan
