#include "torch_nets/weight_gradient.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "torch_nets/row_groups.h"

namespace ebm::torch_nets {
namespace {

torch::Device device_of(const TorchNet& net) { return net.tensors().front().device(); }

/// Gradient of `output` weighted by `weights`; a parameter that it does not depend on gets zero.
std::vector<torch::Tensor> gradient_of(const torch::Tensor& output, const torch::Tensor& weights,
                                       const std::vector<torch::Tensor>& parameters) {
  auto gradient = torch::autograd::grad({output}, parameters, {weights}, /*retain_graph=*/false,
                                        /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    if (!gradient[i].defined()) gradient[i] = torch::zeros_like(parameters[i]);
  }
  return gradient;
}

/// work(x, context, first_row, part) of each group, then the sum over groups.
template <class Work>
WeightGradient sum_over_groups(const TorchNet& net, const nets::Rows& rows, int n_threads,
                               const Work& work) {
  const std::int64_t dim = net.architecture().input.size();
  const std::int64_t n = std::ssize(rows.x) / dim;
  nets::require_context(net.architecture(), rows.context, n);
  std::vector<WeightGradient> parts(n_row_groups(net, n));
  for_each_row_group(net, n, n_threads, [&](const RowGroup& group) {
    const torch::AutoGradMode with_grad(true);
    work(rows_of(rows.x, group, dim).to(device_of(net)),
         context_of(net.architecture(), rows.context, group), group.first, parts[group.index]);
  });
  WeightGradient sum;
  std::vector<std::vector<torch::Tensor>> gradients;
  for (WeightGradient& part : parts) {
    sum.energies.insert(sum.energies.end(), part.energies.begin(), part.energies.end());
    gradients.push_back(std::move(part.gradient));
  }
  sum.gradient = sum_of_groups(gradients);
  return sum;
}

}  // namespace

WeightGradient weight_gradient(const TorchNet& net, const nets::Rows& rows,
                               const Coefficient& coefficient, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(net, rows, n_threads,
                         [&](const torch::Tensor& x, const torch::Tensor& context,
                             std::int64_t first_row, WeightGradient& part) {
                           const auto energies = net.forward(x, context);
                           part.energies = to_vector(energies);
                           auto c = torch::empty({x.size(0)});
                           for (std::int64_t b = 0; b < x.size(0); ++b) {
                             c.data_ptr<float>()[b] = coefficient(
                                 first_row + b, part.energies[static_cast<std::size_t>(b)]);
                           }
                           part.gradient = gradient_of(energies, c.to(x.device()), parameters);
                         });
}

WeightGradient mixed_gradient(const TorchNet& net, const nets::Rows& rows,
                              const MixedVectors& vectors, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(
      net, rows, n_threads,
      [&](torch::Tensor x, const torch::Tensor& context, std::int64_t first_row,
          WeightGradient& part) {
        x.requires_grad_(true);
        const auto energies = net.forward(x, context);
        part.energies = to_vector(energies);
        const auto grad = torch::autograd::grad({energies.sum()}, {x}, {}, /*retain_graph=*/true,
                                                /*create_graph=*/true)[0];
        part.gradient = gradient_of(grad, vectors(first_row, grad.detach()), parameters);
      });
}

WeightGradient level_gradient(const TorchNet& net, const nets::Rows& rows,
                              const LevelVectors& factors, int n_threads) {
  if (!net.architecture().noise_level) {
    throw Error(ErrorCode::kUsage, "the network reads no noise level, by which to differentiate");
  }
  const auto parameters = net.trainable();
  return sum_over_groups(
      net, rows, n_threads,
      [&](torch::Tensor x, torch::Tensor context, std::int64_t first_row, WeightGradient& part) {
        x.requires_grad_(true);
        context.requires_grad_(true);
        const auto energies = net.forward(x, context);
        part.energies = to_vector(energies);
        const auto grads = torch::autograd::grad({energies.sum()}, {x, context}, {},
                                                 /*retain_graph=*/true, /*create_graph=*/true);
        const auto level = [&](const torch::Tensor& each) { return each.select(1, -1); };
        const auto slope = (level(grads[1]) * level(context.detach())).to(x.device());
        const LevelValues by =
            factors(first_row, {energies.detach(), grads[0].detach(), slope.detach()});
        const auto total = (by.of_energy * energies).sum() + (by.of_grad * grads[0]).sum() +
                           (by.of_slope * slope).sum();
        part.gradient = gradient_of(total, torch::ones_like(total.detach()), parameters);
      });
}

WeightGradient curvature_gradient(const TorchNet& net, const nets::Rows& rows,
                                  std::span<const float> directions, float coefficient,
                                  std::span<float> curvatures, int n_threads) {
  const auto parameters = net.trainable();
  const std::int64_t dim = net.architecture().input.size();
  return sum_over_groups(
      net, rows, n_threads,
      [&](torch::Tensor x, const torch::Tensor& context, std::int64_t first_row,
          WeightGradient& part) {
        x.requires_grad_(true);
        const auto v = rows_of(directions, {.index = 0, .first = first_row, .n = x.size(0)}, dim)
                           .to(x.device());
        const auto energies = net.forward(x, context);
        part.energies = to_vector(energies);
        const auto along = [&](const torch::Tensor& of) {
          return torch::autograd::grad({of.sum()}, {x}, {}, /*retain_graph=*/true,
                                       /*create_graph=*/true)[0] *
                 v;
        };
        const auto curved = along(along(energies)).sum(1);
        std::ranges::copy(to_vector(curved.detach()), curvatures.begin() + first_row);
        part.gradient =
            gradient_of(curved, torch::full_like(curved.detach(), coefficient), parameters);
      });
}

WeightGradient loss_gradient(const TorchNet& net, std::span<const float> rows,
                             const RowLosses& losses, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(net, rows, n_threads,
                         [&](const torch::Tensor& x, const torch::Tensor&, std::int64_t first_row,
                             WeightGradient& part) {
                           const auto each = losses(first_row, x);
                           part.energies = to_vector(each);
                           part.gradient =
                               gradient_of(each, torch::ones_like(each.detach()), parameters);
                         });
}

}  // namespace ebm::torch_nets
