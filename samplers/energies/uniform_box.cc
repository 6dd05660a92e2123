#include "samplers/energies/uniform_box.h"

#include <cmath>
#include <limits>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/uniform_box.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void uniform_box_block(std::int64_t dim, float low, float high, const float* x, float* energy,
                       float* grad) {
  const Lanes zero = all_lanes(0.0f), wall = all_lanes(std::numeric_limits<float>::infinity());
  Lanes sum = zero;
  for (std::int64_t d = 0; d < dim; ++d) {
    const Lanes v = load_lanes(x + d * kLanes);
    // 0 or, where v is not finite, NaN.
    const Lanes taint = zero * v;
    sum = sum +
          select_greater(v, all_lanes(high), wall, select_greater(all_lanes(low), v, wall, taint));
    store_lanes(taint, grad + d * kLanes);
  }
  store_lanes(sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(uniform_box_block);

UniformBox::UniformBox(std::int64_t dim, float low, float high)
    : dim_(dim), low_(low), high_(high) {
  base::require_at_least("dim", dim, 1);
  base::require_finite("low", double{low});
  base::require_finite("high", double{high});
  base::require_positive("high - low", double{high} - double{low});
}

std::optional<double> UniformBox::log_z() const {
  return static_cast<double>(dim_) * std::log(double{high_} - double{low_});
}

std::unique_ptr<Evaluator> UniformBox::make_evaluator(std::int64_t) const {
  return make_block_evaluator(
      dim_, [dim = dim_, low = low_, high = high_](const float* x, float* energy, float* grad) {
        HWY_DYNAMIC_DISPATCH(uniform_box_block)(dim, low, high, x, energy, grad);
      });
}

}  // namespace ebm::samplers
#endif
