#pragma once

#include "nets/compiled/plan.h"

namespace ebm::nets {

/// Sets PlanInput::adds and finishes: which operations contribute to a value's gradient first and
/// last, in the order of the backward pass.
void mark_gradients(Plan& plan);

/// Finds where a film may work in place: PlanOp::is_merged and PlanValue::merged.
void merge_films(Plan& plan);

}  // namespace ebm::nets
