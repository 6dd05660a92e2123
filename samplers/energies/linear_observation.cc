#include "samplers/energies/linear_observation.h"

#include <utility>

#include "base/aligned_vector.h"
#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/linear_observation.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// A x becomes precision·(A x − y), whose adjoint is the gradient.
void weigh_residual(std::int64_t m, float precision, const float* y, float* residual,
                    float* energy) {
  const Lanes sum = sum_over(m, [&](std::int64_t i, Lanes& part) HWY_ATTR {
    const Lanes off = load_lanes(residual + i * kLanes) - load_lanes(y + i * kLanes);
    const Lanes slope = all_lanes(precision) * off;
    part = mul_add(off, slope, part);
    store_lanes(slope, residual + i * kLanes);
  });
  store_lanes(all_lanes(0.5f) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(weigh_residual);
namespace {

class LinearObservationEvaluator : public Evaluator {
 public:
  LinearObservationEvaluator(const LinearOperator& a, float precision)
      : a_(a),
        precision_(precision),
        residual_(static_cast<std::size_t>(a.output_dim() * kLanes)),
        scratch_(static_cast<std::size_t>(a.scratch_size())) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::int64_t m = a_.output_dim(), size = a_.dim() * kLanes;
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      a_.apply(chains.x.data() + block * size, residual_.data(), scratch_.data());
      HWY_DYNAMIC_DISPATCH(weigh_residual)
      (m, precision_, chains.context.data() + block * m * kLanes, residual_.data(),
       energy.data() + block * kLanes);
      a_.adjoint(residual_.data(), energy_grad.data() + block * size, scratch_.data());
    }
  }

 private:
  const LinearOperator& a_;
  float precision_;
  base::AlignedVector<float> residual_, scratch_;
};

}  // namespace

LinearObservation::LinearObservation(std::shared_ptr<const LinearOperator> a, float sd)
    : a_(std::move(a)), sd_(sd) {
  base::require_given("operator", a_.get());
  base::require_positive("sd", double{sd});
  base::require_finite("1/sd²", double{1.0f / (sd * sd)});
}

std::unique_ptr<Evaluator> LinearObservation::make_evaluator(std::int64_t) const {
  return std::make_unique<LinearObservationEvaluator>(*a_, 1.0f / (sd_ * sd_));
}

}  // namespace ebm::samplers
#endif
