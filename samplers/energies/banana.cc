#include "samplers/energies/banana.h"

#include <cmath>
#include <numbers>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/banana.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void banana_block(std::int64_t dim, float curvature, const float* x, float* energy, float* grad) {
  const Lanes x0 = load_lanes(x), b = all_lanes(curvature);
  const Lanes bend = mul_add(x0, x0, all_lanes(-100.0f));
  const Lanes offset = neg_mul_add(b, bend, load_lanes(x + kLanes));
  const Lanes pull = all_lanes(0.01f) * x0;
  const Lanes bent = mul_add(offset, offset, pull * x0);
  store_lanes(neg_mul_add(all_lanes(2.0f) * b * x0, offset, pull), grad);
  store_lanes(offset, grad + kLanes);
  const Lanes rest = sum_over(dim - 2, [&](std::int64_t i, Lanes& part) HWY_ATTR {
    const std::int64_t at = (i + 2) * kLanes;
    const Lanes v = load_lanes(x + at);
    part = mul_add(v, v, part);
    store_lanes(v, grad + at);
  });
  store_lanes(all_lanes(0.5f) * (bent + rest), energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(banana_block);

Banana::Banana(std::int64_t dim, float curvature) : dim_(dim), curvature_(curvature) {
  base::require_at_least("dim", dim, 2);
  base::require_finite("curvature", double{curvature});
}

std::optional<double> Banana::log_z() const {
  return 0.5 * static_cast<double>(dim_) * std::log(2.0 * std::numbers::pi) + std::log(10.0);
}

std::unique_ptr<Evaluator> Banana::make_evaluator(std::int64_t) const {
  return make_block_evaluator(
      dim_, [dim = dim_, curvature = curvature_](const float* x, float* energy, float* grad) {
        HWY_DYNAMIC_DISPATCH(banana_block)(dim, curvature, x, energy, grad);
      });
}

}  // namespace ebm::samplers
#endif
