#include "nets/compiled/plan_values.h"

namespace ebm::nets {

void mark_gradients(Plan& plan) {
  std::vector<PlanInput*> last(plan.values.size());
  const auto mark = [&](PlanInput& input) {
    if (input.value < 0) return;
    auto& before = last[static_cast<std::size_t>(input.value)];
    input.adds = before != nullptr;
    before = &input;
  };
  for (auto op = plan.ops.rbegin(); op != plan.ops.rend(); ++op) {
    mark(op->in);
    mark(op->second);
    mark(op->third);
  }
  for (PlanInput* input : last) {
    if (input != nullptr) input->finishes = true;
  }
}

void merge_films(Plan& plan) {
  std::vector<int> n_readers(plan.values.size());
  for (const PlanOp& op : plan.ops) {
    for (const PlanInput* input : {&op.in, &op.second, &op.third}) {
      if (input->value >= 0) ++n_readers[static_cast<std::size_t>(input->value)];
    }
  }
  for (PlanOp& op : plan.ops) {
    if (op.kind != PlanOpKind::kFilm || !op.activation || op.in.value == 0) continue;
    const auto in = static_cast<std::size_t>(op.in.value);
    if (n_readers[in] > 1 || plan.values[in].derivative >= 0) continue;
    op.is_merged = true;
    plan.values[in].merged = plan.values[static_cast<std::size_t>(op.out)].offset;
  }
}

}  // namespace ebm::nets
