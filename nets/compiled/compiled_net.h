#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"
#include "nets/architecture/precision.h"
#include "samplers/energy.h"

namespace ebm::nets {

struct PackedProduct;
struct Plan;
class WorkspacePool;

/// A network compiled for this machine's cores: energy and input gradient of blocks of 16 chains,
/// without LibTorch, memory allocation, locks or barriers. Convolutions and their transposes are
/// sums of products of broadcast weights and 16 chains, in registers; activations are overwritten
/// by gradients. A thread's workspace holds each activation, and its derivative, once; that of an
/// evaluator which is destroyed is kept for the next.
class CompiledNet : public samplers::Energy {
 public:
  /// Packs the weights. @throws Error(kShape) if they do not fit the architecture.
  CompiledNet(const Architecture& architecture, const LayerWeights& weights,
              Precision precision = Precision::kFloat32);
  /// The same with an existing plan: new weights for the same architecture.
  CompiledNet(std::shared_ptr<const Plan> plan, const LayerWeights& weights);
  ~CompiledNet() override;

  /// Replaces the weights, in the memory that those before had. Not while somebody evaluates the
  /// network.
  /// @throws Error(kShape) if they do not fit the architecture; the weights are then undefined.
  void set_weights(const LayerWeights& weights);

  std::int64_t dim() const override;
  std::int64_t context_dim() const override;
  /// One of a conditional network, so that what it makes of the context is made once in a walk.
  std::int64_t preferred_blocks() const override { return context_dim() > 0 ? 1 : 0; }
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  /// Called when an operation of the plan is done.
  using AfterOp = std::function<void(std::size_t op, bool is_backward)>;
  /// One block: energy [16] and gradient [dim, 16].
  /// @param context   [context_dim, 16]
  /// @param work      [plan().workspace, 16], written; then the derivatives of the activations lie
  ///                  at PlanValue::derivative, of a merged film (PlanOp) by its input
  /// @param after_op  called after every operation unless empty
  /// @throws what require_context() of the plan does
  void evaluate_block(const float* x, const float* context, float* energy, float* energy_grad,
                      float* work, const AfterOp& after_op = {}) const;
  /// The same where `work` is as evaluate_block() has left it, of the same context and weights:
  /// what depends on these alone is not computed again.
  void evaluate_block_again(const float* x, const float* context, float* energy, float* energy_grad,
                            float* work) const;

  const Plan& plan() const { return *plan_; }
  /// For another network of the same architecture.
  const std::shared_ptr<const Plan>& shared_plan() const { return plan_; }
  /// Increases with every set_weights().
  std::uint64_t version() const { return version_; }
  const std::vector<PackedProduct>& products() const { return products_; }
  /// What threads need beside the network, for as long as it lives.
  WorkspacePool& workspaces() const { return *workspaces_; }

 private:
  std::shared_ptr<const Plan> plan_;
  std::vector<PackedProduct> products_;
  std::unique_ptr<WorkspacePool> workspaces_;
  std::uint64_t version_ = 0;
};

}  // namespace ebm::nets
