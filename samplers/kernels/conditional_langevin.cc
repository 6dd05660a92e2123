#include "samplers/kernels/conditional_langevin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/simd/normals.h"

namespace ebm::samplers {
namespace {

/// Calls of the generator at a time.
constexpr std::int64_t kCalls = 8;

}  // namespace

void ConditionalLangevinOptions::validate() const {
  base::require_positive("step_size", double{step_size});
  if (!(std::isfinite(ratio) && ratio > 1.0f)) {
    throw Error(ErrorCode::kUsage,
                "ratio = " + base::number_text(double{ratio}) + ": must be a number above 1");
  }
}

ConditionalLangevin::ConditionalLangevin(const ConditionalLangevinOptions& options)
    : options_(options) {
  options_.validate();
}

void ConditionalLangevin::begin(const ChainBlocks& chains) {
  std::ranges::copy(chains.x, chains.momentum.begin());
}

StepInfo ConditionalLangevin::advance(const ChainBlocks& chains, Evaluator& evaluator,
                                      const ChainRng& rng, std::int64_t n_steps) const {
  if (chains.context.empty()) {
    throw Error(ErrorCode::kUsage, "the energy reads no level of noise for chains to be at");
  }
  StepInfo info;
  if (n_steps == 0) return info;
  if (rng.first_step == 0) begin(chains);
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const ChainRng now{rng.key, rng.first_step + static_cast<std::uint64_t>(info.n_steps)};
    std::ranges::fill(chains.evaluated, std::uint8_t{0});
    evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                       chains.energy_grad);
    bool are_finite = all_finite(chains.energy) && all_finite(chains.energy_grad);
    if (are_finite) {
      for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
        move_block(chains, block, now);
      }
      are_finite = all_finite(chains.x);
    }
    if (are_finite) continue;
    info.non_finite = find_non_finite(chains, now.first_step);
    return info;
  }
  return info;
}

void ConditionalLangevin::move_block(const ChainBlocks& chains, std::int64_t block,
                                     const ChainRng& rng) const {
  const auto lanes = static_cast<std::size_t>(kLanes);
  const std::size_t width = chains.context.size() / static_cast<std::size_t>(chains.n_blocks);
  const float* sigma =
      chains.context.data() + (static_cast<std::size_t>(block) + 1) * width - lanes;
  const double growth = double{options_.ratio} * double{options_.ratio} - 1.0;
  std::array<float, kLanes> h, precision, noise;
  for (std::size_t i = 0; i < lanes; ++i) {
    const double variance = double{sigma[i]} * double{sigma[i]};
    const double step = double{options_.step_size} * variance * growth / (growth + 1.0);
    h[i] = static_cast<float>(step);
    precision[i] = static_cast<float>(1.0 / (variance * growth));
    noise[i] = static_cast<float>(std::sqrt(2.0 * step));
  }
  const auto dim = static_cast<std::uint64_t>(chains.dim);
  const std::uint64_t first_word = rng.first_step * dim;
  alignas(64) std::array<float, static_cast<std::size_t>(4 * kCalls * kLanes)> normals;
  std::uint64_t first_call = 0, end_call = 0;  // of those in `normals`
  for (std::uint64_t d = 0; d < dim; ++d) {
    const std::uint64_t word = first_word + d, call = word / 4;
    if (call >= end_call) {
      first_call = call;
      end_call = call + static_cast<std::uint64_t>(kCalls);
      fill_block_normals(rng.key, chains.chain_id.data() + block * kLanes, first_call, kCalls,
                         normals.data());
    }
    const float* z = normals.data() + (word - 4 * first_call) * lanes;
    const std::size_t at = (static_cast<std::size_t>(block) * dim + d) * lanes;
    float* x = chains.x.data() + at;
    const float* given = chains.momentum.data() + at;
    const float* grad = chains.energy_grad.data() + at;
    for (std::size_t i = 0; i < lanes; ++i) {
      const float slope = grad[i] + precision[i] * (x[i] - given[i]);
      x[i] = x[i] - h[i] * slope + noise[i] * z[i];
    }
  }
}

std::string ConditionalLangevin::divergence_hint() const {
  return step_size_hint(options_.step_size);
}

}  // namespace ebm::samplers
