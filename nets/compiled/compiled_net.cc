#include "nets/compiled/compiled_net.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"
#include "base/interruption.h"
#include "nets/compiled/plan_ops.h"
#include "nets/compiled/workspace_pool.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;

/// One block: energy [16] and gradient [dim, 16].
/// @param work          [plan.workspace, 16]
/// @param with_context  whether values of the context are computed, not found in `work`
void run_plan(const Plan& plan, const std::vector<PackedProduct>& products, const float* x,
              const float* context, float* energy, float* energy_grad, float* work,
              bool with_context, const CompiledNet::AfterOp& after_op) {
  const PlanRun run{.plan = plan,
                    .products = products,
                    .x = x,
                    .x_grad = energy_grad,
                    .work = work,
                    .grads = work,
                    .context = context,
                    .only_x = true};
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    base::throw_if_interrupted();
    if (with_context || !plan.ops[i].of_context) run.forward(i);
    if (after_op) after_op(i, false);
  }
  std::copy_n(run.value(plan.ops.back().out), kLanes, energy);
  alignas(64) float ones[kLanes];
  std::fill_n(ones, kLanes, 1.0f);
  run.start_backward(ones);
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    if (!plan.ops[i].of_context) run.backward(i);
    if (after_op) after_op(i, true);
  }
}

class CompiledEvaluator : public samplers::Evaluator {
 public:
  explicit CompiledEvaluator(const CompiledNet& net)
      : net_(net),
        context_(static_cast<std::size_t>(net.context_dim() * kLanes)),
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
      const float* x = chains.x.data() + block * block_size;
      const float* context = chains.context.data() + block * context_size;
      float* of_block = energy.data() + block * kLanes;
      float* grad = energy_grad.data() + block * block_size;
      if (is_known(context)) {
        net_.evaluate_block_again(x, context, of_block, grad, work_.data());
        continue;
      }
      is_known_ = false;  // also if the next line throws
      net_.evaluate_block(x, context, of_block, grad, work_.data());
      std::copy_n(context, context_size, context_.begin());
      version_ = net_.version();
      is_known_ = true;
    }
  }

 private:
  /// Whether the memory holds what the network makes of this context: in a walk after the first
  /// step.
  bool is_known(const float* context) const {
    return is_known_ && version_ == net_.version() &&
           std::equal(context_.begin(), context_.end(), context);
  }

  const CompiledNet& net_;
  base::AlignedVector<float> context_;
  std::uint64_t version_ = 0;
  bool is_known_ = false;
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
  ++version_;
  pack_products(*plan_, weights, products_);
}

std::int64_t CompiledNet::dim() const { return plan_->values[0].size; }

std::int64_t CompiledNet::context_dim() const { return plan_->context_dim; }

std::unique_ptr<samplers::Evaluator> CompiledNet::make_evaluator(std::int64_t) const {
  return std::make_unique<CompiledEvaluator>(*this);
}

void CompiledNet::evaluate_block(const float* x, const float* context, float* energy,
                                 float* energy_grad, float* work, const AfterOp& after_op) const {
  const std::int64_t width = plan_->context_dim;
  if (width > 0) {
    float rows[2 * kLanes];
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      for (std::int64_t i = 0; i < width; ++i) rows[lane * width + i] = context[i * kLanes + lane];
    }
    require_context(*plan_, {rows, static_cast<std::size_t>(kLanes * width)}, kLanes);
  }
  run_plan(*plan_, products_, x, context, energy, energy_grad, work, /*with_context=*/true,
           after_op);
}

void CompiledNet::evaluate_block_again(const float* x, const float* context, float* energy,
                                       float* energy_grad, float* work) const {
  run_plan(*plan_, products_, x, context, energy, energy_grad, work, /*with_context=*/false, {});
}

}  // namespace ebm::nets
