#include "samplers/energies/rosenbrock.h"

#include <cmath>
#include <numbers>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/rosenbrock.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void rosenbrock_block(std::int64_t dim, float a, float b, const float* x, float* energy,
                      float* grad) {
  const Lanes two = all_lanes(2.0f), height = all_lanes(b);
  // The part of the gradient of the current coordinate that comes from the one before it.
  Lanes carried = all_lanes(0.0f), value = load_lanes(x);
  const Lanes sum = sum_over(dim - 1, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes next = load_lanes(x + (d + 1) * kLanes);
    const Lanes rise = neg_mul_add(value, value, next), gap = all_lanes(a) - value;
    const Lanes pull = two * height * rise;
    part = part + mul_add(height * rise, rise, gap * gap);
    store_lanes(carried - two * mul_add(pull, value, gap), grad + d * kLanes);
    carried = pull;
    value = next;
  });
  store_lanes(carried, grad + (dim - 1) * kLanes);
  store_lanes(sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(rosenbrock_block);

Rosenbrock::Rosenbrock(std::int64_t dim, float a, float b) : dim_(dim), a_(a), b_(b) {
  base::require_at_least("dim", dim, 2);
  base::require_finite("a", double{a});
  base::require_positive("b", double{b});
}

std::optional<double> Rosenbrock::log_z() const {
  if (dim_ != 2) return std::nullopt;
  return std::log(std::numbers::pi) - 0.5 * std::log(double{b_});
}

std::unique_ptr<Evaluator> Rosenbrock::make_evaluator(std::int64_t) const {
  return make_block_evaluator(
      dim_, [dim = dim_, a = a_, b = b_](const float* x, float* energy, float* grad) {
        HWY_DYNAMIC_DISPATCH(rosenbrock_block)(dim, a, b, x, energy, grad);
      });
}

}  // namespace ebm::samplers
#endif
