#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/safetensors.h"
#include "torch_nets/layer_forward.h"
#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

/// The LibTorch module of a network as data: E: [n, c, h, w] → [n]. Where it has conditions, each
/// item comes with its context, [n, context_dim] (nets/architecture/condition.h): float or double,
/// without gradients.
/// Its named parameters and buffers have the names of nets::parameters(), which are those of the
/// equivalent PyTorch nn.Sequential.
class TorchNet : public torch::nn::Module {
 public:
  /// Initial weights of nets::initial_values(). Spectral norms start with 15 power iterations.
  /// @param outputs  kAny for a network that is no energy, used through outputs_with() alone
  /// @throws Error(kShape) if the architecture is invalid.
  TorchNet(const nets::Architecture& architecture, std::uint64_t seed,
           nets::Outputs outputs = nets::Outputs::kEnergy);
  /// A network with the weights of a file.
  /// @throws Error(kBadData) naming the tensor that is missing, superfluous or of another shape, or
  ///         the first that is not finite.
  TorchNet(const nets::Architecture& architecture, const nets::SafetensorsFile& file,
           const std::string& origin, nets::Outputs outputs = nets::Outputs::kEnergy);

  const nets::Architecture& architecture() const { return architecture_; }
  /// One per tensor(), in the same order.
  const std::vector<nets::Parameter>& specs() const { return specs_; }
  /// Parameters and buffers in the order of specs().
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }
  /// The tensors that are trained.
  std::vector<torch::Tensor> trainable() const;
  std::vector<std::string> trainable_names() const;

  /// Energies [n] of x [n, c, h, w] or [n, dim], with gradients to x and to the parameters.
  /// @throws Error(kShape), Error(kUsage) for a wrong context, as nets::require_context().
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& context = {}) const {
    return forward_with(layer_weights(), x, context);
  }

  /// What the layers use, in order of use: weights, biases and the averages of batch norms as they
  /// are, or W/σ with σ = uᵀWv for spectrally normalised ones (through which gradients flow, as u
  /// and v are constant; Miyato et al. 2018, eq. 9), or g·v/‖v‖ for those with a weight norm.
  std::vector<torch::Tensor> layer_weights() const;
  /// The same, cut off from the parameters: what sampling with frozen weights needs.
  std::vector<torch::Tensor> frozen_weights() const;
  /// Energies [n] with given layer weights.
  torch::Tensor forward_with(const std::vector<torch::Tensor>& layer_weights,
                             const torch::Tensor& x, const torch::Tensor& context = {}) const;
  /// What the first layers make of x, [n, size of that output].
  /// @param n_layers  how many; all unless given
  torch::Tensor outputs_with(const std::vector<torch::Tensor>& layer_weights,
                             const torch::Tensor& x, std::int64_t n_layers = -1,
                             const torch::Tensor& context = {}) const;

  /// All outputs [n, size] of x as one batch, by whose own means and variances its batch norms go,
  /// of a network without conditions.
  /// @param statistics  theirs, appended in the order of the layers
  torch::Tensor batch_outputs(const torch::Tensor& x,
                              std::vector<BatchStatistics>& statistics) const;

  /// v <- Wᵀu/‖Wᵀu‖, u <- Wv/‖Wv‖ of every spectral norm, n times.
  void power_iteration(int n);

  /// How rows are shared out among threads on a CPU. 0: in fixed groups of 32, the caller's threads
  /// side by side; LibTorch is fastest so, and its bits do not depend on threads. n > 0: all rows
  /// at once, n threads inside each operation; most programs run so, and it is here to be compared
  /// with.
  void set_intraop_threads(int n) { intraop_threads_ = n; }
  int intraop_threads() const { return intraop_threads_; }

  /// Parameters and buffers by name.
  std::map<std::string, nets::TensorData, std::less<>> to_tensor_data() const;
  /// Copies parameters and buffers from a network of the same architecture.
  void copy_from(const TorchNet& other);

 private:
  torch::Tensor apply(const std::vector<nets::Layer>& layers,
                      const std::vector<torch::Tensor>& layer_weights, const torch::Tensor& x,
                      const torch::Tensor& context, std::vector<BatchStatistics>* statistics) const;
  void create_tensors(nets::Outputs outputs);
  void initialise(std::uint64_t seed);

  nets::Architecture architecture_;
  std::vector<nets::Parameter> specs_;
  std::vector<torch::Tensor> tensors_;
  int intraop_threads_ = 0;
};

/// The values of a float tensor on any device, in C order.
std::vector<float> to_vector(const torch::Tensor& tensor);

}  // namespace ebm::torch_nets
