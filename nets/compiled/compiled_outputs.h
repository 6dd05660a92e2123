#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"

namespace ebm::nets {

struct PackedProduct;
struct Plan;

/// A network with any number of outputs, as a classifier, compiled for this machine's cores: its
/// outputs without a gradient.
class CompiledOutputs {
 public:
  /// @throws Error(kShape) if the architecture is invalid or the weights do not fit it.
  CompiledOutputs(Architecture architecture, const LayerWeights& weights);
  ~CompiledOutputs();

  std::int64_t dim() const;        ///< values of an item
  std::int64_t n_outputs() const;  ///< of an item

  /// @param rows     items [n, dim], at most 16 (samplers::kLanes)
  /// @param outputs  [n, n_outputs], written, in C order of the last layer's shape
  void evaluate(std::span<const float> rows, std::span<float> outputs) const;

 private:
  std::unique_ptr<const Plan> plan_;
  std::vector<PackedProduct> products_;
};

}  // namespace ebm::nets
