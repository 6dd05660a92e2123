#include "ebm/evaluated_net.h"

#include <utility>

#include "nets/compiled/plan.h"
#include "nets/compiled/weight_gradient.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/device_chains.h"

namespace ebm {

EvaluatedNet::EvaluatedNet(std::shared_ptr<const torch_nets::TorchNet> net,
                           std::shared_ptr<const nets::CompiledNet> compiled, int n_threads)
    : net_(std::move(net)), compiled_(std::move(compiled)), n_threads_(n_threads) {}

torch_nets::WeightGradient EvaluatedNet::weight_gradient(
    std::span<const float> rows, const torch_nets::Coefficient& coefficient) const {
  return compiled_ ? torch_nets::compiled_weight_gradient(*net_, *compiled_, rows, coefficient,
                                                          n_threads_)
                   : torch_nets::weight_gradient(*net_, rows, coefficient, n_threads_);
}

torch_nets::WeightGradient EvaluatedNet::mixed_gradient(
    std::span<const float> rows, const torch_nets::MixedVectors& vectors) const {
  return torch_nets::mixed_gradient(*net_, rows, vectors, n_threads_);
}

std::unique_ptr<samplers::ChainDriver> EvaluatedNet::chain_driver(
    const ChainDynamics& dynamics) const {
  return torch_nets::make_chain_driver(net_, compiled_, dynamics.langevin, n_threads_,
                                       dynamics.base);
}

NetEvaluator::NetEvaluator(const nets::Architecture& architecture, const std::string& name,
                           int n_threads)
    : plan_(std::make_shared<const nets::Plan>(nets::make_plan(architecture))),
      n_threads_(n_threads) {
  nets::require_weight_gradient(*plan_, name);
}

EvaluatedNet NetEvaluator::operator()(
    const std::shared_ptr<const torch_nets::TorchNet>& net) const {
  return {net, plan_ ? torch_nets::compile(*net, plan_) : nullptr, n_threads_};
}

}  // namespace ebm
