#include "nets/compiled/compiled_net.h"

#include <utility>

#include "base/interruption.h"
#include "nets/compiled/workspace_pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nets/compiled/compiled_net.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/plan_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// One block: energy [16] and gradient [dim, 16]. @param work  [plan.workspace, 16]
void run_plan(const Plan& plan, const std::vector<PackedProduct>& products, const float* x,
              float* energy, float* energy_grad, float* work,
              const CompiledNet::AfterOp& after_op) {
  const PlanRun run{plan, products, x, energy_grad, work, work};
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    base::throw_if_interrupted();
    run.forward(i);
    if (after_op) after_op(i, false);
  }
  const Lanes result = lanes::load_lanes(run.value(plan.ops.back().out));
  lanes::store_lanes(result, energy);
  run.start_backward(lanes::all_lanes(1.0f));
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    run.backward(i);
    if (after_op) after_op(i, true);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(run_plan);
namespace {
using samplers::kLanes;

class CompiledEvaluator : public samplers::Evaluator {
 public:
  explicit CompiledEvaluator(const CompiledNet& net)
      : net_(net),
        work_(net.workspaces().take(static_cast<std::size_t>(net.plan().workspace * kLanes))) {}

  void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::int64_t block_size = net_.dim() * kLanes;
    const std::int64_t context_size = net_.context_dim() * kLanes;
    if (context_size > 0) {
      samplers::require_size(chains.context.size(), chains.n_blocks * context_size,
                             "the context of the chains");
    }
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      net_.evaluate_block(
          chains.x.data() + block * block_size, chains.context.data() + block * context_size,
          energy.data() + block * kLanes, energy_grad.data() + block * block_size, work_.data());
    }
  }

 private:
  const CompiledNet& net_;
  WorkspacePool::Lease work_;
};

}  // namespace

CompiledNet::CompiledNet(const Architecture& architecture, const LayerWeights& weights,
                         Precision precision)
    : CompiledNet(std::make_shared<const Plan>(make_plan(architecture, precision)), weights) {}

CompiledNet::CompiledNet(std::shared_ptr<const Plan> plan, const LayerWeights& weights)
    : plan_(std::move(plan)), workspaces_(std::make_unique<WorkspacePool>()) {
  set_weights(weights);
}

CompiledNet::~CompiledNet() = default;

void CompiledNet::set_weights(const LayerWeights& weights) {
  pack_products(*plan_, weights, products_);
}

std::int64_t CompiledNet::dim() const { return plan_->values[0].size; }

std::int64_t CompiledNet::context_dim() const { return plan_->context_dim; }

std::unique_ptr<samplers::Evaluator> CompiledNet::make_evaluator(std::int64_t) const {
  return std::make_unique<CompiledEvaluator>(*this);
}

void CompiledNet::evaluate_block(const float* x, const float* /*context*/, float* energy,
                                 float* energy_grad, float* work, const AfterOp& after_op) const {
  HWY_DYNAMIC_DISPATCH(run_plan)(*plan_, products_, x, energy, energy_grad, work, after_op);
}

}  // namespace ebm::nets
#endif
