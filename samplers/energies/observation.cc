#include "samplers/energies/observation.h"

#include <cmath>
#include <numbers>

#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/observation.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void observation_block(std::int64_t dim, float precision, const float* x, const float* context,
                       float* energy, float* grad) {
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes off = load_lanes(x + d * kLanes) - load_lanes(context + d * kLanes);
    const Lanes slope = all_lanes(precision) * off;
    part = mul_add(off, slope, part);
    store_lanes(slope, grad + d * kLanes);
  });
  store_lanes(all_lanes(0.5f) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(observation_block);
namespace {

class ObservationEvaluator : public Evaluator {
 public:
  ObservationEvaluator(std::int64_t dim, float precision) : dim_(dim), precision_(precision) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const std::int64_t at = block * dim_ * kLanes;
      HWY_DYNAMIC_DISPATCH(observation_block)
      (dim_, precision_, chains.x.data() + at, chains.context.data() + at,
       energy.data() + block * kLanes, energy_grad.data() + at);
    }
  }

 private:
  std::int64_t dim_;
  float precision_;
};

}  // namespace

Observation::Observation(std::int64_t dim, float sd) : dim_(dim), sd_(sd) {
  base::require_at_least("dim", dim, 1);
  base::require_positive("sd", double{sd});
}

std::optional<double> Observation::log_z() const {
  return static_cast<double>(dim_) * std::log(double{sd_} * std::sqrt(2.0 * std::numbers::pi));
}

std::unique_ptr<Evaluator> Observation::make_evaluator(std::int64_t) const {
  return std::make_unique<ObservationEvaluator>(dim_, 1.0f / (sd_ * sd_));
}

}  // namespace ebm::samplers
#endif
