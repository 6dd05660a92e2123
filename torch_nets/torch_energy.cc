#include "torch_nets/torch_energy.h"

#include <cstring>
#include <limits>
#include <utility>

#include "base/interruption.h"
#include "torch_nets/intraop_threads.h"
#include "torch_nets/lane_rows.h"

namespace ebm::torch_nets {
namespace {
using samplers::kLanes;

class TorchEvaluator : public samplers::Evaluator {
 public:
  TorchEvaluator(const TorchNet& net, const std::vector<torch::Tensor>& weights,
                 std::int64_t max_blocks)
      : threads_(net.intraop_threads()),
        net_(net),
        weights_(weights),
        rows_(torch::empty({max_blocks * kLanes, net.architecture().input.size()})) {}

  void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    base::throw_if_interrupted();
    const torch::AutoGradMode with_grad(true);
    const std::int64_t dim = rows_.size(1);
    const auto x = rows_.narrow(0, 0, chains.n_blocks * kLanes).detach();
    lanes_to_rows(chains.x.data(), chains.n_blocks, dim, x.data_ptr<float>());
    x.requires_grad_(true);
    const auto energies = net_.forward_with(weights_, x);
    const auto grad = torch::autograd::grad({energies.sum()}, {x})[0].contiguous();
    std::memcpy(energy.data(), energies.data_ptr<float>(), energy.size_bytes());
    rows_to_lanes(grad.data_ptr<float>(), chains.n_blocks, dim, energy_grad.data());
  }

 private:
  IntraopThreads threads_;
  const TorchNet& net_;
  const std::vector<torch::Tensor>& weights_;
  torch::Tensor rows_;
};

}  // namespace

TorchEnergy::TorchEnergy(std::shared_ptr<const TorchNet> net)
    : net_(std::move(net)), weights_(net_->frozen_weights()) {}

TorchEnergy::TorchEnergy(std::shared_ptr<const TorchNet> net, const nets::LayerWeights& weights)
    : TorchEnergy(std::move(net)) {
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    weights_[i] = torch::tensor(weights.at(i)).reshape(weights_[i].sizes());
  }
}

std::int64_t TorchEnergy::preferred_blocks() const {
  return net_->intraop_threads() > 0 ? std::numeric_limits<std::int64_t>::max() : 2;
}

std::unique_ptr<samplers::Evaluator> TorchEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<TorchEvaluator>(*net_, weights_, max_blocks);
}

}  // namespace ebm::torch_nets
