#include "samplers/kernels/gradient_flow.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/gradient_flow.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/box-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// x -> y = x − h·∇E(x), with x − (h/2)·∇E(x) kept. @return the first lane whose energy, gradient or
// new state is not finite, or −1
std::int64_t heun_predict(const ChainBlocks& chains, std::int64_t block, float h) {
  const Lanes zero = all_lanes(0.0f), whole = all_lanes(h), half = all_lanes(0.5f * h);
  Lanes taint = zero * load_lanes(chains.energy.data() + block * kLanes);
  for (std::int64_t row = block * chains.dim; row < (block + 1) * chains.dim; ++row) {
    float* x = chains.x.data() + row * kLanes;
    const Lanes grad = load_lanes(chains.energy_grad.data() + row * kLanes), from = load_lanes(x);
    const Lanes moved = neg_mul_add(whole, grad, from);
    taint = mul_add(zero, moved, taint);
    store_lanes(neg_mul_add(half, grad, from), chains.momentum.data() + row * kLanes);
    store_lanes(moved, x);
  }
  return first_tainted(taint);
}

// y -> x − (h/2)·(∇E(x) + ∇E(y)). @return as above
std::int64_t heun_correct(const ChainBlocks& chains, std::int64_t block, float h, const Box* box) {
  const Lanes zero = all_lanes(0.0f), half = all_lanes(0.5f * h);
  Lanes taint = zero * load_lanes(chains.energy.data() + block * kLanes);
  for (std::int64_t row = block * chains.dim; row < (block + 1) * chains.dim; ++row) {
    const Lanes grad = load_lanes(chains.energy_grad.data() + row * kLanes);
    const Lanes moved = neg_mul_add(half, grad, load_lanes(chains.momentum.data() + row * kLanes));
    taint = mul_add(zero, moved, taint);
    store_lanes(box == nullptr ? moved : clamp_lanes(moved, *box), chains.x.data() + row * kLanes);
  }
  return first_tainted(taint);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(heun_predict);
HWY_EXPORT(heun_correct);
namespace {

/// Of the flow; far more than anyone waits for.
constexpr double kMaxFlowSteps = 1e9;

/// Of τ/h in float32: 60.000001 is 60 steps.
constexpr double kRounding = 1e-6;

/// The first chain that update(block) finds not finite, or −1.
template <class Update>
std::int64_t update_all(const ChainBlocks& chains, const Update& update) {
  std::int64_t tainted = -1;
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const std::int64_t lane = update(block);
    if (tainted < 0 && lane >= 0) tainted = block * kLanes + lane;
  }
  return tainted;
}

}  // namespace

void GradientFlowOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_positive("flow_time", flow_time);
  base::require_non_negative("noise_scale", noise_scale);
  if (box) box->validate();
  if (double{flow_time} / double{step_size} > kMaxFlowSteps) {
    throw Error(ErrorCode::kUsage, "flow_time = " + base::number_text(double{flow_time}) +
                                       ": is more than 1e9 steps of step_size = " +
                                       base::number_text(double{step_size}));
  }
}

std::int64_t GradientFlowOptions::flow_steps() const {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(
                                       double{flow_time} / double{step_size} * (1.0 - kRounding))));
}

GradientFlow::GradientFlow(const GradientFlowOptions& options)
    : options_(options),
      after_({.step_size = options.step_size,
              .noise_scale = options.noise_scale,
              .box = options.box}) {
  options_.validate();
}

StepInfo GradientFlow::flow(const ChainBlocks& chains, Evaluator& evaluator,
                            std::uint64_t first_step, std::int64_t n_steps) const {
  const auto predict = HWY_DYNAMIC_DISPATCH(heun_predict);
  const auto correct = HWY_DYNAMIC_DISPATCH(heun_correct);
  const auto last = static_cast<std::uint64_t>(options_.flow_steps() - 1);
  const double rest =
      double{options_.flow_time} - static_cast<double>(last) * double{options_.step_size};
  bool evaluated =
      std::all_of(chains.evaluated.begin(), chains.evaluated.end(), [](auto e) { return e != 0; });
  std::fill(chains.evaluated.begin(), chains.evaluated.end(), 0);
  const auto evaluate = [&] {
    evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                       chains.energy_grad);
  };
  StepInfo info;
  for (; info.n_steps < n_steps; ++info.n_steps, evaluated = false) {
    const std::uint64_t step = first_step + static_cast<std::uint64_t>(info.n_steps);
    const float h = step < last ? options_.step_size : static_cast<float>(rest);
    const Box* box = step == last && options_.box ? &*options_.box : nullptr;
    if (!evaluated) evaluate();
    std::int64_t tainted =
        update_all(chains, [&](std::int64_t block) { return predict(chains, block, h); });
    if (tainted < 0) {
      evaluate();
      tainted =
          update_all(chains, [&](std::int64_t block) { return correct(chains, block, h, box); });
    }
    if (tainted >= 0) {
      info.non_finite = first_non_finite(chains, tainted, step);
      return info;
    }
  }
  return info;
}

StepInfo GradientFlow::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                               std::int64_t n_steps) const {
  const auto all = static_cast<std::uint64_t>(options_.flow_steps());
  const std::int64_t left =
      rng.first_step < all ? static_cast<std::int64_t>(all - rng.first_step) : 0;
  const std::int64_t n_flow = std::min(n_steps, left);
  StepInfo info;
  if (n_flow > 0) info = flow(chains, evaluator, rng.first_step, n_flow);
  if (info.non_finite || n_flow == n_steps) return info;
  ChainRng rest = rng;
  rest.first_step += static_cast<std::uint64_t>(n_flow);
  info += after_.advance(chains, evaluator, rest, n_steps - n_flow);
  return info;
}

std::string GradientFlow::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
#endif
