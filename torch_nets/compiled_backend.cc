#include "torch_nets/compiled_backend.h"

#include <cstring>
#include <utility>

#include "nets/compiled/plan.h"
#include "nets/gradients/weight_gradient.h"

namespace ebm::torch_nets {

nets::LayerWeights layer_weights(const TorchNet& net) {
  nets::LayerWeights weights;
  for (const torch::Tensor& tensor : net.frozen_weights()) weights.push_back(to_vector(tensor));
  return weights;
}

std::shared_ptr<nets::CompiledNet> compile(const TorchNet& net,
                                           std::shared_ptr<const nets::Plan> plan) {
  return std::make_shared<nets::CompiledNet>(std::move(plan), layer_weights(net));
}

WeightGradient compiled_weight_gradient(const TorchNet& net, const nets::CompiledNet& compiled,
                                        const nets::Rows& rows, const Coefficient& coefficient,
                                        int n_threads) {
  nets::WeightGradient found = nets::weight_gradient(compiled, rows, coefficient, n_threads);
  const torch::AutoGradMode with_grad(true);
  const auto parameters = net.trainable();
  const auto used = net.layer_weights();
  std::vector<torch::Tensor> gradient;
  for (std::size_t i = 0; i < used.size(); ++i) {
    gradient.push_back(torch::empty(used[i].sizes()));
    std::memcpy(gradient[i].data_ptr<float>(), found.gradient[i].data(),
                found.gradient[i].size() * sizeof(float));
  }
  bool is_direct = true;
  for (std::size_t i = 0; i < used.size(); ++i) is_direct &= used[i].is_same(parameters[i]);
  if (!is_direct) gradient = torch::autograd::grad(used, parameters, gradient);
  return {std::move(found.energies), std::move(gradient)};
}

}  // namespace ebm::torch_nets
