#include "samplers/ais/annealing_path.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/ais/annealing_path.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// grad <- scale·grad + pull·x for one block.
// @param half_square  [kLanes], written: ½‖x‖²
void mix_gradient(std::int64_t dim, float scale, float pull, const float* x, float* grad,
                  float* half_square) {
  const Lanes a = all_lanes(scale), b = all_lanes(pull);
  const Lanes sum = sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes v = load_lanes(x + d * kLanes);
    part = mul_add(v, v, part);
    store_lanes(mul_add(a, load_lanes(grad + d * kLanes), b * v), grad + d * kLanes);
  });
  store_lanes(all_lanes(0.5f) * sum, half_square);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(mix_gradient);

void PathEvaluator::evaluate(const BlockView& chains, std::span<float> energy,
                             std::span<float> energy_grad) {
  target_->evaluate(chains, energy, energy_grad);
  const auto mix = HWY_DYNAMIC_DISPATCH(mix_gradient);
  const std::size_t block_size = chains.x.size() / static_cast<std::size_t>(chains.n_blocks);
  const auto of_target = static_cast<float>(point_.beta / point_.temperature);
  const auto of_base = static_cast<float>((1.0 - point_.beta) * point_.base.precision());
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const std::size_t at = static_cast<std::size_t>(block) * block_size;
    alignas(64) float half_square[kLanes];
    mix(static_cast<std::int64_t>(block_size) / kLanes, of_target, of_base, chains.x.data() + at,
        energy_grad.data() + at, half_square);
    float* e = energy.data() + block * kLanes;
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      // Without a base the norm must not matter, not even where it overflows.
      e[lane] = of_target * e[lane] + (of_base > 0.0f ? of_base * half_square[lane] : 0.0f);
    }
  }
}

std::unique_ptr<Evaluator> AnnealingPath::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<PathEvaluator>(target_.make_evaluator(max_blocks), point_);
}

void step_along(const BaseDensity& base, const BetaStep& step, const ChainBlocks& chains,
                std::span<double> log_w) {
  const auto mix = HWY_DYNAMIC_DISPATCH(mix_gradient);
  const double precision = base.precision();
  const bool remix = step.to > 0.0;
  const double ratio = remix ? step.to / step.cached : 1.0;
  const double pull = remix ? ((1.0 - step.to) - ratio * (1.0 - step.cached)) * precision : 0.0;
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const std::int64_t row = block * kLanes, rows = row * chains.dim;
    alignas(64) float half_square[kLanes];
    mix(chains.dim, static_cast<float>(ratio), static_cast<float>(pull), chains.x.data() + rows,
        chains.energy_grad.data() + rows, half_square);
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      float& energy = chains.energy[static_cast<std::size_t>(row + lane)];
      const double of_base = precision > 0.0 ? precision * half_square[lane] : 0.0;
      const double of_target = (energy - (1.0 - step.cached) * of_base) / step.cached;
      log_w[static_cast<std::size_t>(row + lane)] -= (step.to - step.from) * (of_target - of_base);
      if (remix) energy = static_cast<float>((1.0 - step.to) * of_base + step.to * of_target);
    }
  }
}

}  // namespace ebm::samplers
#endif
