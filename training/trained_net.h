#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"
#include "nets/files/safetensors.h"
#include "training/adam.h"
#include "training/tensor_views.h"

namespace ebm::training {

/// The weights of an energy in training, on plain arrays: what a step changes, and what the layers
/// use.
class TrainedNet {
 public:
  /// Initial weights of nets::initial_values(); spectral norms start with 15 power iterations.
  /// @throws Error(kShape) if the architecture is invalid.
  TrainedNet(const nets::Architecture& architecture, std::uint64_t seed);

  const nets::Architecture& architecture() const { return architecture_; }
  /// Parameters and buffers; their values are tensors().
  const std::vector<nets::Parameter>& specs() const { return specs_; }
  std::vector<std::vector<float>>& tensors() { return tensors_; }
  const std::vector<std::vector<float>>& tensors() const { return tensors_; }
  /// The tensors that are trained, in the order of specs(). Moving this object leaves them where
  /// they are.
  std::vector<TrainedTensor> trainable();
  /// Their values, and those of the buffers.
  TensorViews trainable_values();
  TensorViews buffers();

  /// nets::power_iteration() of every spectral norm, n times.
  void power_iteration(int n);
  /// What the layers use: weights as they are, or W/σ with σ = uᵀWv of spectrally normalised ones
  /// (Miyato et al. 2018, eq. 9), or g·v/‖v‖ of those with a weight norm
  /// (nets/architecture/weight_norm.h).
  nets::LayerWeights layer_weights() const;
  /// The gradient with respect to the parameters, trainable_values(), from that with respect to
  /// layer_weights(), by the chain rule with u and v held fixed:
  ///   ∂W = (G − ⟨G, W/σ⟩·uvᵀ)/σ,
  /// and through weight norms by nets::normalised_row_gradient().
  /// Buffers that layers use have none.
  std::vector<std::vector<float>> parameter_gradient(nets::LayerWeights of_layers) const;

  /// Parameters and buffers by name.
  std::map<std::string, nets::TensorData, std::less<>> to_tensor_data() const;
  /// @throws Error(kBadData) naming the tensor that is missing, superfluous or of another shape, or
  ///         the first that is not finite; then nothing was changed.
  void restore(const nets::SafetensorsFile& file, const std::string& origin);

 private:
  bool has_spectral_norm(std::size_t i) const {
    return specs_[i].kind == nets::ParameterKind::kWeight && specs_[i].spectral_norm;
  }
  bool has_weight_norm(std::size_t i) const {
    return specs_[i].kind == nets::ParameterKind::kWeight && specs_[i].weight_norm;
  }

  nets::Architecture architecture_;
  std::vector<nets::Parameter> specs_;
  std::vector<std::vector<float>> tensors_;
};

}  // namespace ebm::training
