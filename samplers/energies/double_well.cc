#include "samplers/energies/double_well.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/double_well.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/energies/double_well-inl.h"
#include "samplers/langevin_walk-inl.h"
#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void double_well_block(std::int64_t dim, float height, const float* x, float* energy, float* grad) {
  const Lanes slope = all_lanes(4.0f * height);
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes v = load_lanes(x + d * kLanes);
    store_lanes(double_well_coordinate(slope, v, part), grad + d * kLanes);
  });
  store_lanes(all_lanes(height) * sum, energy);
}

// A type, as lambdas are not inlined by force.
template <std::size_t kDim>
struct WellEnergy {
  static constexpr bool kUnrolls = true;
  float height;
  HWY_INLINE void operator()(const Lanes (&x)[kDim], Lanes& energy, Lanes (&grad)[kDim]) const {
    double_well(height, x, energy, grad);
  }
};

bool double_well_walk(const LangevinWalk& walk, std::int64_t dim, float height) {
  return dim == 1 ? walk_in_registers<1, /*kEnergyFollows=*/false>(walk, WellEnergy<1>{height})
                  : walk_in_registers<2, /*kEnergyFollows=*/false>(walk, WellEnergy<2>{height});
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(double_well_block);
HWY_EXPORT(double_well_walk);

DoubleWell::DoubleWell(std::int64_t dim, float height) : dim_(dim), height_(height) {
  base::require_at_least("dim", dim, 1);
  base::require_positive("height", double{height});
}

std::optional<double> DoubleWell::log_z() const {
  // The trapezoidal rule on the well at +1 out to where the integrand is e⁻⁵⁰. At the inner end the
  // integrand has vanished, or the range begins at 0, where it is even: either way the rule
  // converges exponentially.
  constexpr int kIntervals = 2000;
  const double height = double{height_};
  const double reach = std::sqrt(50.0 / height);
  const double begin = std::sqrt(std::max(0.0, 1.0 - reach));
  const double step = (std::sqrt(1.0 + reach) - begin) / kIntervals;
  double sum = 0.0;
  for (int i = 0; i <= kIntervals; ++i) {
    const double x = begin + step * i;
    const double excess = x * x - 1.0;
    sum += (i == 0 ? 0.5 : 1.0) * std::exp(-height * excess * excess);
  }
  return static_cast<double>(dim_) * std::log(2.0 * step * sum);
}

std::unique_ptr<Evaluator> DoubleWell::make_evaluator(std::int64_t) const {
  const auto evaluate = [dim = dim_, height = height_](const float* x, float* energy, float* grad) {
    HWY_DYNAMIC_DISPATCH(double_well_block)(dim, height, x, energy, grad);
  };
  if (dim_ > 2) return make_block_evaluator(dim_, evaluate);
  return make_walking_evaluator(dim_, evaluate,
                                [dim = dim_, height = height_](const LangevinWalk& walk) {
                                  return HWY_DYNAMIC_DISPATCH(double_well_walk)(walk, dim, height);
                                });
}

}  // namespace ebm::samplers
#endif
