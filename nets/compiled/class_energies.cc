#include "nets/compiled/class_energies.h"

#include <algorithm>
#include <memory>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"
#include "nets/compiled/block_gradient.h"
#include "nets/compiled/compiled_outputs.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/workspace_pool.h"
#include "samplers/chain_block.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;

/// Memory of one thread.
struct LogitsScratch {
  explicit LogitsScratch(const CompiledNet& net)
      : x(static_cast<std::size_t>(net.dim() * kLanes)),
        context(static_cast<std::size_t>(net.context_dim() * kLanes)),
        work(net.workspaces().take(static_cast<std::size_t>(net.plan().workspace * kLanes))) {}
  base::FlushDenormals flush;
  base::AlignedVector<float> x, context;
  WorkspacePool::Lease work;
};

}  // namespace

bool has_class_energies(const Plan& plan) {
  return plan.ops.back().kind == PlanOpKind::kClassLogits &&
         std::ranges::none_of(plan.ops,
                              [](const PlanOp& op) { return op.kind == PlanOpKind::kTableRows; });
}

std::vector<float> class_energies(const CompiledNet& net, const Rows& rows, int n_threads) {
  const Plan& plan = net.plan();
  if (!has_class_energies(plan)) {
    throw Error(ErrorCode::kUsage,
                "a network without class_logits, or with other layers that read "
                "the label, has no energies of all classes in one pass");
  }
  const std::int64_t n = n_rows_of(rows, plan);
  std::vector<float> energies(static_cast<std::size_t>(n * plan.classes));
  base::parallel_for(
      (n + kLanes - 1) / kLanes, n_threads, [&] { return std::make_unique<LogitsScratch>(net); },
      [&](std::int64_t block, LogitsScratch& scratch) {
        load_block(rows.x, net.dim(), block, scratch.x.data());
        load_block(rows.context, net.context_dim(), block, scratch.context.data());
        const float* logits =
            run_forward(plan, net.products(), scratch.x.data(), scratch.context.data(),
                        scratch.work.data(), plan.ops.back().in.value);
        const std::int64_t n_lanes = std::min(kLanes, n - block * kLanes);
        for (std::int64_t lane = 0; lane < n_lanes; ++lane) {
          for (std::int64_t k = 0; k < plan.classes; ++k) {
            energies[static_cast<std::size_t>((block * kLanes + lane) * plan.classes + k)] =
                -logits[k * kLanes + lane];
          }
        }
      });
  return energies;
}

}  // namespace ebm::nets
