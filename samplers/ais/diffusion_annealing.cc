#include "samplers/ais/diffusion_annealing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/block_groups.h"
#include "samplers/simd/normals.h"

namespace ebm::samplers {

struct DiffusionAnnealing::Run {
  Run(std::int64_t n_chains, std::int64_t dim, bool down, const base::RandomKey& noise)
      : chains(n_chains, dim, 1),
        is_down(down),
        key(noise.philox_key()),
        log_w(static_cast<std::size_t>(chains.n_blocks() * kLanes)) {}

  LogZEstimate summarize(double log_z_base) {
    return log_z_estimate(std::move(log_w), chains.n_chains(), is_down, log_z_base,
                          std::numeric_limits<double>::quiet_NaN());
  }

  ChainStore chains;
  bool is_down;
  base::PhiloxKey key;
  std::vector<double> log_w;  ///< [n_blocks, kLanes]; upwards those of 1/w
};

namespace {

/// The step between two levels.
struct Step {
  Step(float high, float low)
      : variance((double{high} - low) * (double{high} + low)),
        kept(double{low} / high),
        shrink(static_cast<float>(variance)),
        sd_up(static_cast<float>(std::sqrt(variance))),
        sd_down(static_cast<float>(kept * std::sqrt(variance))) {}
  double variance;  ///< Δ
  double kept;      ///< σ_{k+1}/σ_k, of the sd of a step down in units of that up
  float shrink, sd_up, sd_down;
};

/// States of a level, and what E says of them.
struct States {
  std::span<const float> x, energy, energy_grad;
};

/// Of the chains of one block, [kLanes].
using OfLanes = std::array<double, static_cast<std::size_t>(kLanes)>;

// ln r(x | x') − ln q(x' | x), x above and x' below.
OfLanes log_ratio(const Step& step, const States& above, std::span<const float> below,
                  std::int64_t dim, std::int64_t block) {
  OfLanes up{}, down{};
  for (std::int64_t d = 0; d < dim; ++d) {
    const auto row = static_cast<std::size_t>((block * dim + d) * kLanes);
    for (std::size_t lane = 0; lane < up.size(); ++lane) {
      const double moved = double{below[row + lane]} - above.x[row + lane];
      const double missed = moved + step.variance * above.energy_grad[row + lane];
      up[lane] += moved * moved;
      down[lane] += missed * missed;
    }
  }
  const double scale = 0.5 / step.variance, log_kept = std::log(step.kept);
  OfLanes ratio;
  for (std::size_t lane = 0; lane < ratio.size(); ++lane) {
    ratio[lane] = scale * (down[lane] / (step.kept * step.kept) - up[lane]) +
                  static_cast<double>(dim) * log_kept;
  }
  return ratio;
}

OfLanes half_square(std::span<const float> x, std::int64_t dim, std::int64_t block) {
  OfLanes sum{};
  for (std::int64_t d = 0; d < dim; ++d) {
    const auto row = static_cast<std::size_t>((block * dim + d) * kLanes);
    for (std::size_t lane = 0; lane < sum.size(); ++lane) {
      sum[lane] += 0.5 * double{x[row + lane]} * x[row + lane];
    }
  }
  return sum;
}

void evaluate_at(const ChainBlocks& chains, float sigma, std::vector<float>& context,
                 Evaluator& evaluator) {
  context.assign(static_cast<std::size_t>(chains.n_blocks * kLanes), sigma);
  evaluator.evaluate({chains.n_blocks, chains.x, context}, chains.energy, chains.energy_grad);
  const auto fault = find_non_finite(chains, 0);
  if (!fault) return;
  throw Error(ErrorCode::kDiverged, "chain " + std::to_string(fault->chain_id) + ": " +
                                        fault->what + " at the level of noise " +
                                        base::number_text(sigma) + "; take more levels");
}

}  // namespace

void DiffusionAnnealingOptions::validate() const {
  base::require_positive("base_sd", base_sd);
  levels.validate();
  base::require_at_least("levels", n_levels, 2);
  base::require_at_least("n_threads", n_threads, 1);
}

DiffusionAnnealing::DiffusionAnnealing(std::shared_ptr<const Energy> energy,
                                       const DiffusionAnnealingOptions& options)
    : energy_(std::move(energy)), options_(options), base_{.sd = options.base_sd} {
  options_.validate();
  if (energy_->context_dim() != 1) {
    throw Error(ErrorCode::kUsage, "the energy takes a context of " +
                                       std::to_string(energy_->context_dim()) +
                                       " values; expected the level of noise alone");
  }
  levels_ = geometric_levels(options_.levels, options_.n_levels);
  if (std::ranges::adjacent_find(levels_, std::less_equal()) == levels_.end()) return;
  throw Error(ErrorCode::kUsage, "levels = " + std::to_string(options_.n_levels) +
                                     ": too many to differ between " +
                                     base::number_text(options_.levels.highest) + " and " +
                                     base::number_text(options_.levels.lowest));
}

void DiffusionAnnealing::advance_group(Run& run, std::int64_t first_block,
                                       const ChainBlocks& chains, Evaluator& evaluator,
                                       std::int64_t begin, std::int64_t end) const {
  const std::int64_t dim = chains.dim, n_levels = std::ssize(levels_);
  const std::int64_t n_calls = (dim + 3) / 4;
  std::vector<float> context;
  // What was there before a step: the states, their energies and gradients.
  std::vector<float> x(chains.x.size()), energy(chains.energy.size()), grad(chains.x.size());
  base::AlignedVector<float> normals(static_cast<std::size_t>(4 * n_calls * kLanes));
  const double sign = run.is_down ? 1.0 : -1.0;
  // Adds of_block + E above − E below to ln w; E_base is in of_block.
  const auto add = [&](std::int64_t block, const OfLanes& of_block, std::span<const float> above,
                       std::span<const float> below) {
    for (std::size_t lane = 0; lane < of_block.size(); ++lane) {
      const std::size_t i = static_cast<std::size_t>(block * kLanes) + lane;
      const double energy_above = above.empty() ? 0.0 : double{above[i]};
      run.log_w[static_cast<std::size_t>(first_block * kLanes) + i] +=
          sign * (of_block[lane] + energy_above - below[i]);
    }
  };
  const auto add_base = [&] {
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      OfLanes of_base = half_square(chains.x, dim, block);
      for (double& each : of_base) each *= base_.precision();
      add(block, of_base, {}, chains.energy);
    }
  };
  // Step i leads from level i to the next one, of the levels in the order in which they are met.
  const auto level = [&](std::int64_t i) {
    return levels_[static_cast<std::size_t>(run.is_down ? i : n_levels - 1 - i)];
  };
  if (begin == 0) {
    evaluate_at(chains, level(0), context, evaluator);
    if (run.is_down) add_base();
  }
  for (std::int64_t i = begin; i < end; ++i) {
    const Step step(std::max(level(i), level(i + 1)), std::min(level(i), level(i + 1)));
    std::ranges::copy(chains.x, x.begin());
    std::ranges::copy(chains.energy, energy.begin());
    std::ranges::copy(chains.energy_grad, grad.begin());
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      fill_block_normals(run.key, chains.chain_id.data() + block * kLanes,
                         static_cast<std::uint64_t>(i * n_calls), n_calls, normals.data());
      const std::int64_t row = block * dim * kLanes;
      for (std::int64_t j = 0; j < dim * kLanes; ++j) {
        const auto at = static_cast<std::size_t>(row + j);
        const float normal = normals[static_cast<std::size_t>(j)];
        chains.x[at] += run.is_down ? step.sd_down * normal - step.shrink * chains.energy_grad[at]
                                    : step.sd_up * normal;
      }
    }
    evaluate_at(chains, level(i + 1), context, evaluator);
    const States before{x, energy, grad}, after{chains.x, chains.energy, chains.energy_grad};
    const States& above = run.is_down ? before : after;
    const States& below = run.is_down ? after : before;
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      add(block, log_ratio(step, above, below.x, dim, block), above.energy, below.energy);
    }
  }
  if (end == n_levels - 1 && !run.is_down) add_base();
}

bool DiffusionAnnealing::anneal(Run& run, const AnnealingObserver& observer) const {
  return run_in_pieces(
      std::ssize(levels_) - 1, observer, [&](std::int64_t begin, std::int64_t end) {
        for_each_group(*energy_, run.chains, options_.n_threads,
                       [&](std::int64_t first, const ChainBlocks& blocks, Evaluator& evaluator) {
                         advance_group(run, first, blocks, evaluator, begin, end);
                       });
      });
}

std::optional<LogZEstimate> DiffusionAnnealing::forward(std::int64_t n_chains,
                                                        const AnnealingObserver& observer) {
  base::require_at_least("n_chains", n_chains, 1);
  const std::int64_t dim = energy_->dim();
  Run run(n_chains, dim, true, {.seed = options_.seed, .domain = base::Domain::kAnnealNoise});
  std::vector<float> rows(static_cast<std::size_t>(n_chains * dim));
  base_.draw({.seed = options_.seed, .domain = base::Domain::kAnnealInit}, 0, dim, rows);
  run.chains.load_rows(rows);
  if (!anneal(run, observer)) return std::nullopt;
  return run.summarize(log_z_base());
}

std::optional<LogZEstimate> DiffusionAnnealing::reverse(std::span<const float> rows,
                                                        const AnnealingObserver& observer) {
  const std::int64_t dim = energy_->dim();
  require_target_rows(rows, dim, std::nullopt);
  Run run(static_cast<std::int64_t>(rows.size()) / dim, dim, false,
          {.seed = options_.seed, .domain = base::Domain::kAnnealReverseNoise});
  run.chains.load_rows(rows);
  if (!anneal(run, observer)) return std::nullopt;
  return run.summarize(log_z_base());
}

}  // namespace ebm::samplers
