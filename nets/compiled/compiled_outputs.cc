#include "nets/compiled/compiled_outputs.h"

#include <iterator>
#include <string>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/interruption.h"
#include "base/require.h"
#include "nets/compiled/plan_ops.h"
#include "nets/compiled/workspace_pool.h"
#include "samplers/chain_block.h"

namespace ebm::nets {
using samplers::kLanes;

const float* run_forward(const Plan& plan, const std::vector<PackedProduct>& products,
                         const float* x, const float* context, float* work, int value) {
  const PlanRun run{.plan = plan,
                    .products = products,
                    .x = x,
                    .x_grad = nullptr,
                    .work = work,
                    .grads = work,
                    .context = context,
                    .only_x = true};
  const std::size_t n = plan.ops.size() - (plan.ops.back().out == value ? 0 : 1);
  for (std::size_t i = 0; i < n; ++i) {
    base::throw_if_interrupted();
    run.forward(i);
  }
  return run.value(value);
}

CompiledOutputs::CompiledOutputs(Architecture architecture, const LayerWeights& weights)
    : workspaces_(std::make_unique<WorkspacePool>()) {
  // Which lays the outputs in C order.
  architecture.layers.emplace_back(Flatten{});
  plan_ = std::make_unique<const Plan>(make_plan(architecture, Precision::kFloat32, Outputs::kAny));
  pack_products(*plan_, weights, products_);
}

CompiledOutputs::~CompiledOutputs() = default;

std::int64_t CompiledOutputs::dim() const { return plan_->values[0].size; }

std::int64_t CompiledOutputs::n_outputs() const { return plan_->ops.back().out_shape.size(); }

void CompiledOutputs::evaluate(const Rows& rows, std::span<float> outputs) const {
  const std::int64_t n = std::ssize(rows.x) / dim();
  if (n < 1 || n > kLanes || n * dim() != std::ssize(rows.x)) {
    throw Error(ErrorCode::kShape, "rows has " + std::to_string(rows.x.size()) +
                                       " values; expected 1 to 16 items of " +
                                       std::to_string(dim()));
  }
  base::require_size("outputs", outputs.size(), n * n_outputs(), "as many as rows have outputs");
  require_context(*plan_, rows.context, n);
  samplers::ChainStore items(n, dim(), plan_->context_dim);
  items.load_rows(rows.x);
  items.load_context(rows.context);
  auto lease = workspaces_->take(static_cast<std::size_t>(plan_->workspace * kLanes));
  const base::FlushDenormals flush;
  const samplers::ChainBlocks block = items.blocks(0, 1);
  const float* found = run_forward(*plan_, products_, block.x.data(), block.context.data(),
                                   lease.data(), plan_->ops.back().out);
  for (std::int64_t row = 0; row < n; ++row) {
    for (std::int64_t k = 0; k < n_outputs(); ++k) {
      outputs[static_cast<std::size_t>(row * n_outputs() + k)] = found[k * kLanes + row];
    }
  }
}

}  // namespace ebm::nets
