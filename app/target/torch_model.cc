#include "app/target/torch_model.h"

#include "torch_nets/intraop_threads.h"
#include "torch_nets/torch_energy.h"

namespace ebm::app {

std::shared_ptr<const samplers::Energy> open_torch_model(const nets::Model& model) {
  torch_nets::use_one_intraop_thread();
  return std::make_shared<torch_nets::TorchEnergy>(
      std::make_shared<torch_nets::TorchNet>(model.architecture, model.weights, model.origin));
}

std::shared_ptr<const samplers::Energy> torch_net_energy(const nets::Architecture& architecture,
                                                         const nets::LayerWeights& weights,
                                                         int intraop_threads) {
  torch_nets::use_one_intraop_thread();
  const auto net = std::make_shared<torch_nets::TorchNet>(architecture, /*seed=*/0);
  net->set_intraop_threads(intraop_threads);
  return std::make_shared<torch_nets::TorchEnergy>(net, weights);
}

}  // namespace ebm::app
