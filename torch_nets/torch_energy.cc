#include "torch_nets/torch_energy.h"

#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/interruption.h"
#include "nets/architecture/condition.h"
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
        rows_(torch::empty({max_blocks * kLanes, net.architecture().input.size()})),
        context_(torch::empty({max_blocks * kLanes, nets::context_dim(net.architecture())})) {}

  void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    base::throw_if_interrupted();
    const torch::AutoGradMode with_grad(true);
    const std::int64_t dim = rows_.size(1);
    const auto x = rows_.narrow(0, 0, chains.n_blocks * kLanes).detach();
    lanes_to_rows(chains.x.data(), chains.n_blocks, dim, x.data_ptr<float>());
    x.requires_grad_(true);
    const auto energies = net_.forward_with(weights_, x, context_of(chains));
    const auto grad = torch::autograd::grad({energies.sum()}, {x})[0].contiguous();
    std::memcpy(energy.data(), energies.data_ptr<float>(), energy.size_bytes());
    rows_to_lanes(grad.data_ptr<float>(), chains.n_blocks, dim, energy_grad.data());
  }

 private:
  /// [n, context_dim] of the chains; undefined without any.
  torch::Tensor context_of(const samplers::BlockView& chains) {
    if (chains.context.empty()) return {};
    const std::int64_t dim = context_.size(1), n = chains.n_blocks * kLanes;
    if (std::ssize(chains.context) != n * dim) {
      throw Error(ErrorCode::kShape, "the chains have a context of " +
                                         std::to_string(std::ssize(chains.context) / n) +
                                         " numbers, the network takes " + std::to_string(dim));
    }
    const auto rows = context_.narrow(0, 0, n);
    lanes_to_rows(chains.context.data(), chains.n_blocks, dim, rows.data_ptr<float>());
    return rows;
  }

  IntraopThreads threads_;
  const TorchNet& net_;
  const std::vector<torch::Tensor>& weights_;
  torch::Tensor rows_, context_;
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

std::int64_t TorchEnergy::context_dim() const { return nets::context_dim(net_->architecture()); }

std::int64_t TorchEnergy::preferred_blocks() const {
  return net_->intraop_threads() > 0 ? std::numeric_limits<std::int64_t>::max() : 2;
}

std::unique_ptr<samplers::Evaluator> TorchEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<TorchEvaluator>(*net_, weights_, max_blocks);
}

}  // namespace ebm::torch_nets
