#include "torch_nets/weight_gradient.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include "base/float_mode.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kGroup = 32;

torch::Device device_of(const TorchNet& net) { return net.tensors().front().device(); }

torch::Tensor rows_on_device(const TorchNet& net, std::span<const float> rows, std::int64_t first,
                             std::int64_t n) {
  const std::int64_t dim = net.architecture().input.size();
  auto x = torch::empty({n, dim});
  std::memcpy(x.data_ptr<float>(), rows.data() + first * dim,
              static_cast<std::size_t>(n * dim) * sizeof(float));
  return x.to(device_of(net));
}

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

/// work(x, first_row, parts) of each group in parallel, then the sum over groups by a fixed tree.
template <class Work>
WeightGradient sum_over_groups(const TorchNet& net, std::span<const float> rows, int n_threads,
                               const Work& work) {
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / net.architecture().input.size();
  const bool has_groups = device_of(net).is_cpu() && net.intraop_threads() == 0;
  const std::int64_t group_size = has_groups ? kGroup : n;
  const std::int64_t n_groups = (n + group_size - 1) / group_size;
  std::vector<WeightGradient> parts(static_cast<std::size_t>(n_groups));
  std::vector<std::exception_ptr> failures(parts.size());
  const int n_workers = static_cast<int>(std::min<std::int64_t>(n_threads, n_groups));
  const auto take = [&](std::int64_t group) {
    const auto slot = static_cast<std::size_t>(group);
    try {
      const base::FlushDenormals flush;
      const torch::AutoGradMode with_grad(true);
      const std::int64_t first = group * group_size;
      work(rows_on_device(net, rows, first, std::min(group_size, n - first)), first, parts[slot]);
    } catch (...) {
      failures[slot] = std::current_exception();
    }
  };
  if (n_workers == 1) {
    // No region of one thread: the threads inside of operations would be new ones each time.
    const IntraopThreads threads(net.intraop_threads());
    for (std::int64_t group = 0; group < n_groups; ++group) take(group);
  } else {
#pragma omp parallel for num_threads(n_workers) schedule(dynamic, 1)
    for (std::int64_t group = 0; group < n_groups; ++group) take(group);
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  for (std::size_t stride = 1; stride < parts.size(); stride *= 2) {
    for (std::size_t i = 0; i + stride < parts.size(); i += 2 * stride) {
      for (std::size_t k = 0; k < parts[i].gradient.size(); ++k) {
        parts[i].gradient[k].add_(parts[i + stride].gradient[k]);
      }
    }
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    parts[0].energies.insert(parts[0].energies.end(), parts[i].energies.begin(),
                             parts[i].energies.end());
  }
  return std::move(parts[0]);
}

}  // namespace

WeightGradient weight_gradient(const TorchNet& net, std::span<const float> rows,
                               const Coefficient& coefficient, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(net, rows, n_threads,
                         [&](const torch::Tensor& x, std::int64_t first_row, WeightGradient& part) {
                           const auto energies = net.forward(x);
                           part.energies = to_vector(energies);
                           auto c = torch::empty({x.size(0)});
                           for (std::int64_t b = 0; b < x.size(0); ++b) {
                             c.data_ptr<float>()[b] = coefficient(
                                 first_row + b, part.energies[static_cast<std::size_t>(b)]);
                           }
                           part.gradient = gradient_of(energies, c.to(x.device()), parameters);
                         });
}

WeightGradient mixed_gradient(const TorchNet& net, std::span<const float> rows,
                              const MixedVectors& vectors, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(
      net, rows, n_threads, [&](torch::Tensor x, std::int64_t first_row, WeightGradient& part) {
        x.requires_grad_(true);
        const auto energies = net.forward(x);
        part.energies = to_vector(energies);
        const auto grad = torch::autograd::grad({energies.sum()}, {x}, {}, /*retain_graph=*/true,
                                                /*create_graph=*/true)[0];
        part.gradient = gradient_of(grad, vectors(first_row, grad.detach()), parameters);
      });
}

WeightGradient loss_gradient(const TorchNet& net, std::span<const float> rows,
                             const RowLosses& losses, int n_threads) {
  const auto parameters = net.trainable();
  return sum_over_groups(net, rows, n_threads,
                         [&](const torch::Tensor& x, std::int64_t first_row, WeightGradient& part) {
                           const auto each = losses(first_row, x);
                           part.energies = to_vector(each);
                           part.gradient =
                               gradient_of(each, torch::ones_like(each.detach()), parameters);
                         });
}

}  // namespace ebm::torch_nets
