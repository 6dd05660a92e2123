#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nets/architecture/layer_weights.h"
#include "samplers/energy.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// A LibTorch network with frozen weights as an energy to sample from. Chains go through it in
/// fixed groups of 32 (two blocks), each with one intra-op thread, the driver's threads side by
/// side: LibTorch's fastest set-up on a CPU, and one whose bits do not depend on the number of
/// threads. A network with threads inside its operations gets all chains at once.
class TorchEnergy : public samplers::Energy {
 public:
  /// Copies the weights: the network may be trained on while this energy is sampled.
  explicit TorchEnergy(std::shared_ptr<const TorchNet> net);
  /// With these layer weights instead of the network's own. @throws c10::Error on other sizes.
  TorchEnergy(std::shared_ptr<const TorchNet> net, const nets::LayerWeights& weights);
  std::int64_t dim() const override { return net_->architecture().input.size(); }
  std::int64_t context_dim() const override;
  std::int64_t preferred_blocks() const override;
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::shared_ptr<const TorchNet> net_;
  std::vector<torch::Tensor> weights_;
};

}  // namespace ebm::torch_nets
