#include "nets/compiled/product_pass.h"

#include <algorithm>
#include <utility>

#include "nets/compiled/amx_bf16.h"

namespace ebm::nets {
namespace {

/// A tile takes 16 cycles whatever is in it; vdpbf16ps takes one for each pair of one output
/// channel. Full tiles make 6.5 to 8 times the products of float32 (measured on an Intel Xeon),
/// more than Winograd saves.
bool suits_amx(std::int64_t from_channels, std::int64_t to_channels) {
  const std::int64_t pairs = std::min(amx_pairs(from_channels), kTilePairs);
  return pairs * std::min(to_channels, kTileRows) >= 3 * kTileRows;
}

}  // namespace

ProductPass product_pass(const Plan& plan, const Conv2d& conv, const Shape& in, const Shape& out,
                         bool transpose) {
  ProductPass result;
  Shape from = transpose ? out : in;
  const std::int64_t n_positions = from.height * from.width;
  if (plan.unit != samplers::Bf16Unit::kF32) {
    result.amx = plan.unit == samplers::Bf16Unit::kAmxBf16 &&
                 suits_amx(from.channels, (transpose ? in : out).channels);
    result.pairs = result.amx ? amx_pairs(from.channels) : (from.channels + 1) / 2;
    from.channels = result.pairs;
  }
  result.tiles = transpose ? backward_tasks(conv, in, from) : forward_tasks(conv, from, out);
  if (is_winograd(conv) && !result.amx) {
    Winograd winograd =
        transpose ? backward_winograd(conv, in, out) : forward_winograd(conv, in, out);
    if (is_faster(winograd, result.tiles, result.pairs > 0 ? kAvx512Bf16Costs : ProductCosts{})) {
      const std::int64_t scratch = winograd.scratch();
      return {.tiles = {}, .winograd = std::move(winograd), .scratch = scratch};
    }
  }
  if (plan.precision == Precision::kBfloat16) result.scratch = n_positions * from.channels;
  return result;
}

void set_passes(PlanOp& op, ProductPass forward, ProductPass backward) {
  op.forward = std::move(forward.tiles);
  op.forward_winograd = std::move(forward.winograd);
  op.forward_pairs = forward.pairs;
  op.forward_amx = forward.amx;
  op.backward = std::move(backward.tiles);
  op.backward_winograd = std::move(backward.winograd);
  op.backward_pairs = backward.pairs;
  op.backward_amx = backward.amx;
}

}  // namespace ebm::nets
