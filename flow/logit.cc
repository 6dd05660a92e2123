#include "flow/logit.h"

#include <cmath>

namespace ebm::flow {

Logit logit(const torch::Tensor& x, double alpha) {
  const torch::Tensor u = alpha + (0.5 - alpha) * (x + 1.0);
  const torch::Tensor log_u = u.log(), log_rest = (1.0 - u).log();
  const torch::Tensor log_slope = std::log(0.5 - alpha) - log_u - log_rest;
  return {log_u - log_rest, log_slope.flatten(1).sum(1)};
}

torch::Tensor inverse_logit(const torch::Tensor& y, double alpha) {
  return (torch::sigmoid(y) - alpha) / (0.5 - alpha) - 1.0;
}

}  // namespace ebm::flow
