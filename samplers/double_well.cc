#include "samplers/double_well.h"

#include <string>

#include "base/error.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/double_well.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void double_well_block(std::int64_t dim, float height, const float* x, float* energy, float* grad) {
  const Lanes one = all_lanes(1.0f), slope = all_lanes(4.0f * height);
  Lanes sum = all_lanes(0.0f);
  for (std::int64_t d = 0; d < dim; ++d) {
    const Lanes v = load_lanes(x + d * kLanes);
    const Lanes excess = mul_add(v, v, -one);
    sum = mul_add(excess, excess, sum);
    store_lanes(slope * v * excess, grad + d * kLanes);
  }
  store_lanes(all_lanes(height) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(double_well_block);
namespace {

class DoubleWellEvaluator : public Evaluator {
 public:
  DoubleWellEvaluator(std::int64_t dim, float height) : dim_(dim), height_(height) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const auto evaluate_block = HWY_DYNAMIC_DISPATCH(double_well_block);
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      evaluate_block(dim_, height_, chains.x.data() + block * dim_ * kLanes,
                     energy.data() + block * kLanes, energy_grad.data() + block * dim_ * kLanes);
    }
  }

 private:
  std::int64_t dim_;
  float height_;
};

}  // namespace

DoubleWell::DoubleWell(std::int64_t dim, float height) : dim_(dim), height_(height) {
  if (dim < 1) {
    throw Error(ErrorCode::kUsage, "dim = " + std::to_string(dim) + ": must be at least 1");
  }
  if (!(height > 0.0f)) {
    throw Error(ErrorCode::kUsage, "height = " + std::to_string(height) + ": must be positive");
  }
}

std::unique_ptr<Evaluator> DoubleWell::make_evaluator(std::int64_t) const {
  return std::make_unique<DoubleWellEvaluator>(dim_, height_);
}

}  // namespace ebm::samplers
#endif
