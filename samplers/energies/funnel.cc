#include "samplers/energies/funnel.h"

#include <cmath>
#include <numbers>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/funnel.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void funnel_block(std::int64_t dim, float precision, const float* x, float* energy, float* grad) {
  const Lanes v = load_lanes(x), half = all_lanes(0.5f);
  const Lanes width = exp_lanes(-v);
  const Lanes squared = sum_over(dim - 1, [&](std::int64_t i, Lanes& part) HWY_ATTR {
    const std::int64_t at = (i + 1) * kLanes;
    const Lanes value = load_lanes(x + at);
    part = mul_add(value, value, part);
    store_lanes(width * value, grad + at);
  });
  const Lanes spread = half * width * squared, pull = all_lanes(precision) * v;
  const Lanes volume = all_lanes(0.5f * static_cast<float>(dim - 1));
  store_lanes(mul_add(half * pull, v, mul_add(volume, v, spread)), energy);
  store_lanes(pull + volume - spread, grad);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(funnel_block);

Funnel::Funnel(std::int64_t dim, float sd) : dim_(dim), sd_(sd) {
  base::require_at_least("dim", dim, 2);
  base::require_positive("sd", double{sd});
}

Parameters Funnel::parameters() const {
  return {.variables = {{.name = "v"}, {.name = "x", .shape = {dim_ - 1}, .first = 1}}};
}

std::optional<double> Funnel::log_z() const {
  return 0.5 * static_cast<double>(dim_) * std::log(2.0 * std::numbers::pi) + std::log(double{sd_});
}

std::unique_ptr<Evaluator> Funnel::make_evaluator(std::int64_t) const {
  const auto precision = static_cast<float>(1.0 / (double{sd_} * double{sd_}));
  return make_block_evaluator(dim_,
                              [dim = dim_, precision](const float* x, float* energy, float* grad) {
                                HWY_DYNAMIC_DISPATCH(funnel_block)(dim, precision, x, energy, grad);
                              });
}

}  // namespace ebm::samplers
#endif
