#pragma once

#include <cstdint>
#include <optional>

#include "nets/compiled/plan.h"

namespace ebm::nets {

/// How one product of an operation is made: the sums of a convolution, or those of its transpose.
struct ProductPass {
  TileTasks tiles;
  std::optional<Winograd> winograd;  ///< in place of the tiles
  std::int64_t pairs = 0;            ///< of channels, multiplied in bfloat16; 0: in float32
  bool amx = false;
  std::int64_t scratch = 0;  ///< lanes that it takes while it runs
};

/// The fastest way for the precision and the unit of a plan, by models of time.
/// @param in, out    of the convolution
/// @param transpose  whether the product leads from `out` to `in`
ProductPass product_pass(const Plan& plan, const Conv2d& conv, const Shape& in, const Shape& out,
                         bool transpose);

/// Gives an operation of products its two ways.
void set_passes(PlanOp& op, ProductPass forward, ProductPass backward);

}  // namespace ebm::nets
