#include "samplers/energies/rings.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/rings.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/bessel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// With z_k = r·R_k/s² the part of ring k is exp(−(r − R_k)²/(2s²))·e^{−z_k}I₀(z_k), and its
// derivative by x is part·(−1 + R_k²/s²·I₁(z_k)/(z_k I₀(z_k)))·x/s², which needs no division by r.
void rings_block(std::int64_t n_rings, const float* radii, float half_precision, float log_norm,
                 const float* x, float* energy, float* grad) {
  const Lanes x0 = load_lanes(x), x1 = load_lanes(x + kLanes);
  const Lanes r = sqrt_lanes(mul_add(x1, x1, x0 * x0));
  const Lanes half = all_lanes(half_precision);
  Lanes nearest = r - all_lanes(radii[0]);
  nearest = nearest * nearest;
  for (std::int64_t k = 1; k < n_rings; ++k) {
    const Lanes gap = r - all_lanes(radii[k]);
    nearest = min_lanes(nearest, gap * gap);
  }
  Lanes total = all_lanes(0.0f), pull = total;
  for (std::int64_t k = 0; k < n_rings; ++k) {
    const float steepness = 2.0f * half_precision * radii[k];
    const Lanes gap = r - all_lanes(radii[k]);
    Lanes scaled_i0, ratio;
    bessel_ratio(all_lanes(steepness) * r, scaled_i0, ratio);
    const Lanes part = exp_of_nonpositive(half * neg_mul_add(gap, gap, nearest)) * scaled_i0;
    total = total + part;
    pull = mul_add(part * all_lanes(steepness * radii[k]), ratio, pull);
  }
  store_lanes(mul_add(half, nearest, all_lanes(log_norm)) - log_lanes(total), energy);
  const Lanes factor = all_lanes(2.0f) * half * (all_lanes(1.0f) - pull / total);
  store_lanes(x0 * factor, grad);
  store_lanes(x1 * factor, grad + kLanes);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(rings_block);

Rings::Rings(std::vector<float> radii, float sd) : radii_(std::move(radii)), sd_(sd) {
  base::require_at_least("number of radii", static_cast<std::int64_t>(radii_.size()), 1);
  for (std::size_t k = 0; k < radii_.size(); ++k) {
    base::require_positive("radii[" + std::to_string(k) + "]", double{radii_[k]});
  }
  base::require_positive("sd", double{sd});
}

std::unique_ptr<Evaluator> Rings::make_evaluator(std::int64_t) const {
  const double variance = double{sd_} * double{sd_};
  const auto log_norm = static_cast<float>(
      std::log(2.0 * std::numbers::pi * variance * static_cast<double>(radii_.size())));
  return make_block_evaluator(2, [this, half_precision = static_cast<float>(0.5 / variance),
                                  log_norm](const float* x, float* energy, float* grad) {
    HWY_DYNAMIC_DISPATCH(rings_block)
    (static_cast<std::int64_t>(radii_.size()), radii_.data(), half_precision, log_norm, x, energy,
     grad);
  });
}

}  // namespace ebm::samplers
#endif
