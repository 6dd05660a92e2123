#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

struct PackedProduct;
struct Plan;
class WorkspacePool;

/// Runs a plan forwards, without gradients, for one block of 16 rows, up to a value.
/// @param x        [dim, 16]
/// @param context  [context_dim, 16]
/// @param work     [plan.workspace, 16], scratch
/// @param value    of the plan: what its last operation reads or writes
/// @return that value [its size, 16], in x or in work
const float* run_forward(const Plan& plan, const std::vector<PackedProduct>& products,
                         const float* x, const float* context, float* work, int value);

/// A network with any number of outputs, as a classifier, compiled for this machine's cores: its
/// outputs without a gradient.
class CompiledOutputs {
 public:
  /// @throws Error(kShape) if the architecture is invalid or the weights do not fit it.
  CompiledOutputs(Architecture architecture, const LayerWeights& weights);
  ~CompiledOutputs();

  std::int64_t dim() const;        ///< values of an item
  std::int64_t n_outputs() const;  ///< of an item

  /// Several threads may evaluate at a time.
  /// @param rows     n items, n from 1 to 16 (samplers::kLanes), with their context
  /// @param outputs  [n, n_outputs], written, in C order of the last layer's shape
  /// @throws Error(kShape) for other rows or outputs; what require_context() throws.
  void evaluate(const Rows& rows, std::span<float> outputs) const;

 private:
  std::unique_ptr<const Plan> plan_;
  std::vector<PackedProduct> products_;
  std::unique_ptr<WorkspacePool> workspaces_;
};

}  // namespace ebm::nets
