#include "samplers/energies/log_gamma.h"

#include <cmath>

#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/log_gamma.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void log_gamma_block(std::int64_t dim, float alpha, float beta, const float* x, float* energy,
                     float* grad) {
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes y = load_lanes(x + d * kLanes);
    const Lanes rate = all_lanes(beta) * exp_lanes(y);
    part = part + neg_mul_add(all_lanes(alpha), y, rate);
    store_lanes(rate - all_lanes(alpha), grad + d * kLanes);
  });
  store_lanes(sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(log_gamma_block);

LogGamma::LogGamma(std::int64_t dim, float alpha, float beta)
    : dim_(dim), alpha_(alpha), beta_(beta) {
  base::require_at_least("dim", dim, 1);
  base::require_positive("alpha", double{alpha});
  base::require_positive("beta", double{beta});
}

std::optional<double> LogGamma::log_z() const {
  const double alpha = double{alpha_};
  return static_cast<double>(dim_) * (std::lgamma(alpha) - alpha * std::log(double{beta_}));
}

std::unique_ptr<Evaluator> LogGamma::make_evaluator(std::int64_t) const {
  return make_block_evaluator(
      dim_, [dim = dim_, alpha = alpha_, beta = beta_](const float* x, float* energy, float* grad) {
        HWY_DYNAMIC_DISPATCH(log_gamma_block)(dim, alpha, beta, x, energy, grad);
      });
}

}  // namespace ebm::samplers
#endif
