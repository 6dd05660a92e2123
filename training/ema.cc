#include "training/ema.h"

#include <algorithm>

namespace ebm::training {

void update_average(const torch_nets::TorchNet& net, std::int64_t iteration, double decay,
                    torch_nets::TorchNet& average) {
  const torch::NoGradGuard no_grad;
  const double t = static_cast<double>(iteration);
  const double d = std::min(decay, (1.0 + t) / (10.0 + t));
  for (std::size_t i = 0; i < net.tensors().size(); ++i) {
    if (net.specs()[i].trainable()) {
      average.tensors()[i].lerp_(net.tensors()[i], 1.0 - d);
    } else {
      average.tensors()[i].copy_(net.tensors()[i]);
    }
  }
}

}  // namespace ebm::training
