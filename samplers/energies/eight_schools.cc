#include "samplers/energies/eight_schools.h"

#include <cmath>
#include <numbers>

#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/eight_schools.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void eight_schools_block(const float* x, float* energy, float* grad) {
  const Lanes mean = load_lanes(x), log_spread = load_lanes(x + kLanes);
  const Lanes spread = exp_lanes(log_spread);
  const Lanes above = log_spread - all_lanes(5.0f), pull = all_lanes(0.01f) * mean;
  Lanes sum = mul_add(above, above, pull * mean), mean_grad = pull, spread_grad = all_lanes(0.0f);
  for (int j = 0; j < EightSchools::kSchools; ++j) {
    const Lanes z = load_lanes(x + (2 + j) * kLanes);
    const Lanes inverse = all_lanes(1.0f / EightSchools::kSds[j]);
    const Lanes residual =
        mul_add(spread, z, mean - all_lanes(EightSchools::kEffects[j])) * inverse;
    const Lanes slope = residual * inverse;
    sum = mul_add(residual, residual, mul_add(z, z, sum));
    mean_grad = mean_grad + slope;
    spread_grad = mul_add(slope, z, spread_grad);
    store_lanes(mul_add(slope, spread, z), grad + (2 + j) * kLanes);
  }
  store_lanes(mean_grad, grad);
  store_lanes(mul_add(spread_grad, spread, above), grad + kLanes);
  store_lanes(all_lanes(0.5f) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(eight_schools_block);

Parameters EightSchools::parameters() const {
  return {.variables = {{.name = "mu"},
                        {.name = "tau"},
                        {.name = "theta", .shape = {kSchools}, .first = 1}},
          .of_state = [](std::span<const float> state, std::span<float> values) {
            const double mu = state[0], tau = std::exp(double{state[1]});
            values[0] = state[0];
            values[1] = static_cast<float>(tau);
            for (std::size_t j = 2; j < 2 + kSchools; ++j) {
              values[j] = static_cast<float>(mu + tau * double{state[j]});
            }
          }};
}

std::optional<double> EightSchools::log_z() const {
  // Given ℓ, y_j ~ N(μ, v_j) with v_j = σ_j² + e^{2ℓ} once z_j is integrated, and what is left is a
  // Gaussian of μ. The trapezoidal rule over 13 sds of the prior of ℓ on both sides.
  constexpr double kStep = 0.01;
  double sum = 0.0;
  for (int i = -1300; i <= 1300; ++i) {
    const double deviation = kStep * i, variance = std::exp(2.0 * (5.0 + deviation));
    double precision = 0.01, linear = 0.0, square = 0.0, log_part = -0.5 * deviation * deviation;
    for (int j = 0; j < kSchools; ++j) {
      const double y = double{kEffects[j]}, sd = double{kSds[j]};
      const double weight = 1.0 / (sd * sd + variance);
      precision += weight;
      linear += weight * y;
      square += weight * y * y;
      log_part += 0.5 * std::log(sd * sd * weight);
    }
    log_part += -0.5 * std::log(precision) - 0.5 * (square - linear * linear / precision);
    sum += kStep * std::exp(log_part);
  }
  return 0.5 * (1 + kSchools) * std::log(2.0 * std::numbers::pi) + std::log(sum);
}

std::unique_ptr<Evaluator> EightSchools::make_evaluator(std::int64_t) const {
  return make_block_evaluator(dim(), [](const float* x, float* energy, float* grad) {
    HWY_DYNAMIC_DISPATCH(eight_schools_block)(x, energy, grad);
  });
}

}  // namespace ebm::samplers
#endif
