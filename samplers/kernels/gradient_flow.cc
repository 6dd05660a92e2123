#include "samplers/kernels/gradient_flow.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/kernels/heun.h"
#include "samplers/kernels/noise_levels.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {
namespace {

/// Of the flow; far more than anyone waits for.
constexpr double kMaxFlowSteps = 1e9;

/// Of τ/h in float32: 60.000001 is 60 steps.
constexpr double kRounding = 1e-6;

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
    std::int64_t tainted = heun_predict(chains, h);
    if (tainted < 0) {
      evaluate();
      tainted = heun_correct(chains, h, box);
    }
    if (tainted >= 0) {
      info.non_finite = first_non_finite(chains, tainted, step);
      return info;
    }
  }
  return info;
}

StepInfo GradientFlow::walk(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
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

StepInfo GradientFlow::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                               std::int64_t n_steps) const {
  if (!options_.sets_time) return walk(chains, evaluator, rng, n_steps);
  StackMemory memory;
  ChainsAtLevel timed(chains, memory.resource());
  const auto all = static_cast<std::uint64_t>(options_.flow_steps());
  StepInfo info;
  while (info.n_steps < n_steps && !info.non_finite) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    const double time = step < all ? static_cast<double>(step) * double{options_.step_size}
                                   : double{options_.flow_time};
    info += walk(timed.at(static_cast<float>(time)), evaluator, {rng.key, step},
                 step < all ? 1 : n_steps - info.n_steps);
  }
  return info;
}

std::string GradientFlow::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
