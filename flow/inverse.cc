#include "flow/inverse.h"

#include <algorithm>
#include <cmath>

namespace ebm::flow {
namespace {

/// Of the longest row.
double longest(const torch::Tensor& x) { return x.flatten(1).norm(2, 1).max().item<double>(); }

std::int64_t iterations_within(double lipschitz, double first_step, double tolerance) {
  const double allowed = tolerance * (1.0 - lipschitz);
  if (first_step <= allowed) return 1;
  if (lipschitz <= 0.0) return 1;
  return std::max<std::int64_t>(
      1,
      static_cast<std::int64_t>(std::ceil(std::log(allowed / first_step) / std::log(lipschitz))));
}

torch::Tensor invert_block(const ResidualFlow& flow, std::int64_t block, const torch::Tensor& y,
                           double tolerance, BlockInverse& result) {
  const double factor = result.lipschitz / (1.0 - result.lipschitz);
  torch::Tensor x = y;
  double first_step = 0.0;
  do {
    const torch::Tensor next = y - flow.branch(block, x);
    const double step = longest(next - x);
    x = next;
    if (result.iterations++ == 0) {
      first_step = step;
      result.bound_iterations = iterations_within(result.lipschitz, first_step, tolerance);
    }
    result.error_bound =
        std::min(factor * step, std::pow(result.lipschitz, static_cast<double>(result.iterations)) /
                                    (1.0 - result.lipschitz) * first_step);
  } while (result.error_bound > tolerance && result.iterations < result.bound_iterations);
  return x;
}

}  // namespace

Inverse invert(const ResidualFlow& flow, const torch::Tensor& z,
               const std::vector<double>& lipschitz, double tolerance) {
  const torch::NoGradGuard no_grad;
  const FlowArchitecture& architecture = flow.architecture();
  Inverse inverse{.x = {}, .blocks = std::vector<BlockInverse>(lipschitz.size())};
  const nets::Shape last = architecture.shape_at(architecture.n_blocks() - 1);
  torch::Tensor x = z.reshape({-1, last.channels, last.height, last.width});
  for (std::int64_t block = architecture.n_blocks() - 1; block >= 0; --block) {
    BlockInverse& result = inverse.blocks[static_cast<std::size_t>(block)];
    result.lipschitz = lipschitz[static_cast<std::size_t>(block)];
    x = flow.denormalise(block, invert_block(flow, block, x, tolerance, result));
    if (architecture.squeezes_before(block)) x = channels_to_squares(x);
  }
  if (architecture.logit > 0.0) x = inverse_logit(x, architecture.logit);
  inverse.x = x.flatten(1);
  return inverse;
}

}  // namespace ebm::flow
