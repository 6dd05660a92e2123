#pragma once

#include <memory>
#include <span>
#include <vector>

#include "nets/architecture.h"
#include "nets/plan.h"
#include "nets/safetensors.h"
#include "samplers/energy.h"

namespace ebm::nets {

/// Weights and biases as the layers use them, in order of use: weight [out, in, kh, kw] or [out,
/// in], then bias [out] where there is one; W/σ(W), σ = uᵀWv, where a layer is spectrally
/// normalised.
using LayerWeights = std::vector<std::vector<float>>;

/// The layer weights in a file.
/// @param origin  its name, for messages
/// @throws Error(kBadData) naming the tensor that is missing, of another shape or not finite.
LayerWeights layer_weights(const Architecture& architecture, const SafetensorsFile& file,
                           const std::string& origin);

/// A network compiled for this machine's cores: energy and input gradient of blocks of 16 chains,
/// without LibTorch, memory allocation, locks or barriers. Convolutions and their transposes are
/// sums of products of broadcast weights and 16 chains, in registers; activations are overwritten
/// by gradients. A thread's workspace holds each activation, and its derivative, once.
class CompiledNet : public samplers::Energy {
 public:
  /// Packs the weights. @throws Error(kShape) if they do not fit the architecture.
  CompiledNet(const Architecture& architecture, const LayerWeights& weights);

  std::int64_t dim() const override { return dim_; }
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  /// The weights of one product, packed.
  struct Product {
    std::vector<float> forward, backward;
    std::vector<float> bias;                             ///< empty without one
    std::int64_t forward_block = 0, backward_block = 0;  ///< floats of a channel block
  };

 private:
  std::int64_t dim_;
  Plan plan_;
  std::vector<Product> products_;  ///< one an operation, empty for those without weights
};

}  // namespace ebm::nets
