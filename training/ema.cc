#include "training/ema.h"

#include <algorithm>

namespace ebm::training {

namespace {

/// How much of the average stays.
double kept(std::int64_t iteration, double decay) {
  const double t = static_cast<double>(iteration);
  return std::min(decay, (1.0 + t) / (10.0 + t));
}

}  // namespace

void update_average(const torch_nets::TorchNet& net, std::int64_t iteration, double decay,
                    torch_nets::TorchNet& average) {
  update_average(net.trainable(), iteration, decay, average.trainable());
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < net.tensors().size(); ++i) {
    if (!net.specs()[i].trainable()) average.tensors()[i].copy_(net.tensors()[i]);
  }
}

void update_average(const std::vector<torch::Tensor>& tensors, std::int64_t iteration, double decay,
                    const std::vector<torch::Tensor>& average) {
  const torch::NoGradGuard no_grad;
  const double d = kept(iteration, decay);
  for (std::size_t i = 0; i < tensors.size(); ++i) average[i].lerp_(tensors[i], 1.0 - d);
}

}  // namespace ebm::training
