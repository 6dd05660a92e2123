#include "ebm/evaluated_net.h"

#include <utility>

#include "nets/compiled/plan.h"
#include "nets/compiled/weight_gradient.h"
#include "torch_nets/compiled_backend.h"
#include "torch_nets/device_chains.h"

namespace ebm {

EvaluatedNet::EvaluatedNet(std::shared_ptr<const torch_nets::TorchNet> net,
                           std::shared_ptr<nets::CompiledNet> compiled, int n_threads,
                           ChainDynamics dynamics)
    : net_(std::move(net)),
      compiled_(std::move(compiled)),
      n_threads_(n_threads),
      dynamics_(std::move(dynamics)) {}

void EvaluatedNet::update() {
  if (compiled_) {
    compiled_->set_weights(torch_nets::layer_weights(*net_));
  } else {
    driver_.reset();  // which holds a copy of the weights
  }
}

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

samplers::ChainDriver& EvaluatedNet::chain_driver() const {
  if (!driver_) {
    driver_ = torch_nets::make_chain_driver(net_, compiled_, dynamics_.langevin, n_threads_,
                                            dynamics_.base);
  }
  return *driver_;
}

NetEvaluator::NetEvaluator(const nets::Architecture& architecture, const std::string& name,
                           int n_threads, ChainDynamics dynamics)
    : plan_(std::make_shared<const nets::Plan>(nets::make_plan(architecture))),
      n_threads_(n_threads),
      dynamics_(std::move(dynamics)) {
  nets::require_weight_gradient(*plan_, name);
}

EvaluatedNet NetEvaluator::operator()(
    const std::shared_ptr<const torch_nets::TorchNet>& net) const {
  return {net, plan_ ? torch_nets::compile(*net, plan_) : nullptr, n_threads_, dynamics_};
}

}  // namespace ebm
