#include "flow/density_gradient.h"

#include <algorithm>

#include "flow/log_determinant.h"
#include "torch_nets/row_groups.h"

namespace ebm::flow {

DensityGradient density_gradient(const ResidualFlow& flow, std::span<const float> rows,
                                 std::span<const float> coefficients, const TrainingProbes& probes,
                                 int n_threads) {
  const std::int64_t dim = flow.architecture().item.size();
  const auto n = static_cast<std::int64_t>(coefficients.size());
  DensityGradient result;
  result.log_p.resize(coefficients.size());
  const std::size_t n_groups = torch_nets::n_row_groups(n);
  std::vector<std::vector<torch::Tensor>> parts(n_groups);
  std::vector<double> log_dets(n_groups);
  torch_nets::for_each_row_group(n, n_threads, [&](const torch_nets::RowGroup& group) {
    const torch::AutoGradMode with_grad(true);
    std::uint64_t word = 0;
    const torch::Tensor log_p = flow.log_density(
        torch_nets::rows_of(rows, group, dim),
        [&](std::int64_t, const torch::Tensor& x, const torch::Tensor& g) {
          const torch::Tensor v =
              draw_probes(probes.key, probes.first_stream + static_cast<std::uint64_t>(group.first),
                          x.sizes(), word);
          const torch::Tensor each = weighted_log_det(x, g, v, probes.weights);
          log_dets[group.index] += each.sum().item<double>();
          return each;
        });
    const auto values = torch_nets::to_vector(log_p);
    std::copy(values.begin(), values.end(), result.log_p.begin() + group.first);
    const auto c = torch_nets::rows_of(coefficients, group, 1).reshape({-1});
    parts[group.index] = torch::autograd::grad({(c * log_p).sum()}, flow.tensors());
  });
  for (const double each : log_dets) result.log_det += each;
  result.gradient = torch_nets::sum_of_groups(parts);
  return result;
}

}  // namespace ebm::flow
