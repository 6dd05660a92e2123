#include "nets/compiled/forward_energies.h"

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
struct ForwardScratch {
  explicit ForwardScratch(const CompiledNet& net)
      : x(static_cast<std::size_t>(net.dim() * kLanes)),
        context(static_cast<std::size_t>(net.context_dim() * kLanes)),
        work(net.workspaces().take(static_cast<std::size_t>(net.plan().workspace * kLanes))) {}
  base::FlushDenormals flush;
  base::AlignedVector<float> x, context;
  WorkspacePool::Lease work;
};

/// Runs the plan forwards up to a value, for all rows.
/// @param store  (row, of_row): called for each row, of_row + k·16 being its k-th number
template <class Store>
void run_rows(const CompiledNet& net, const Rows& rows, int value, int n_threads,
              const Store& store) {
  const std::int64_t n = n_rows_of(rows, net.plan());
  base::parallel_for(
      (n + kLanes - 1) / kLanes, n_threads, [&] { return std::make_unique<ForwardScratch>(net); },
      [&](std::int64_t block, ForwardScratch& scratch) {
        load_block(rows.x, net.dim(), block, scratch.x.data());
        load_block(rows.context, net.context_dim(), block, scratch.context.data());
        const float* found = run_forward(net.plan(), net.products(), scratch.x.data(),
                                         scratch.context.data(), scratch.work.data(), value);
        const std::int64_t first = block * kLanes;
        for (std::int64_t row = first; row < std::min(first + kLanes, n); ++row) {
          store(row, found + (row - first));
        }
      });
}

}  // namespace

std::vector<float> energies(const CompiledNet& net, const Rows& rows, int n_threads) {
  std::vector<float> found(static_cast<std::size_t>(n_rows_of(rows, net.plan())));
  run_rows(net, rows, net.plan().ops.back().out, n_threads,
           [&](std::int64_t row, const float* of_row) {
             found[static_cast<std::size_t>(row)] = *of_row;
           });
  return found;
}

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
  std::vector<float> found(static_cast<std::size_t>(n_rows_of(rows, plan) * plan.classes));
  run_rows(net, rows, plan.ops.back().in.value, n_threads,
           [&](std::int64_t row, const float* of_row) {
             for (std::int64_t k = 0; k < plan.classes; ++k) {
               found[static_cast<std::size_t>(row * plan.classes + k)] = -of_row[k * kLanes];
             }
           });
  return found;
}

}  // namespace ebm::nets
