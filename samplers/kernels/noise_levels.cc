#include "samplers/kernels/noise_levels.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// f = i/(n − 1): 0 of the highest level, 1 of the lowest.
template <class Level>
std::vector<float> levels_of(const NoiseLevels& levels, std::int64_t n, const Level& level) {
  levels.validate();
  std::vector<float> all{levels.highest};
  for (std::int64_t i = 1; i < n; ++i) {
    all.push_back(static_cast<float>(level(static_cast<double>(i) / static_cast<double>(n - 1))));
  }
  if (n > 1) all.back() = levels.lowest;
  return all;
}

}  // namespace

void NoiseLevels::validate() const {
  base::require_positive("level_min", double{lowest});
  base::require_positive("level_max", double{highest});
  if (lowest < highest) return;
  throw Error(ErrorCode::kUsage, "level_min = " + base::number_text(double{lowest}) +
                                     ": must be below level_max, " +
                                     base::number_text(double{highest}));
}

std::vector<float> geometric_levels(const NoiseLevels& levels, std::int64_t n) {
  base::require_at_least("levels", n, 2);
  return levels_of(levels, n, [&](double f) {
    return double{levels.highest} * std::pow(double{levels.lowest} / double{levels.highest}, f);
  });
}

std::vector<float> seventh_root_levels(const NoiseLevels& levels, std::int64_t n) {
  base::require_at_least("steps", n, 1);
  const double high = std::pow(double{levels.highest}, 1.0 / 7.0);
  const double low = std::pow(double{levels.lowest}, 1.0 / 7.0);
  return levels_of(levels, n, [&](double f) { return std::pow(high + f * (low - high), 7.0); });
}

ChainsAtLevel::ChainsAtLevel(const ChainBlocks& chains, std::pmr::memory_resource* memory)
    : context_(chains.context.begin(), chains.context.end(), memory), chains_(chains) {
  if (context_.empty()) {
    throw Error(ErrorCode::kUsage,
                "the energy reads no level of noise for a sampler to go through");
  }
  chains_.context = context_;
}

const ChainBlocks& ChainsAtLevel::at(float sigma) {
  const std::size_t of_block = context_.size() / static_cast<std::size_t>(chains_.n_blocks);
  for (std::size_t end = of_block; end <= context_.size(); end += of_block) {
    std::fill_n(context_.begin() + static_cast<std::ptrdiff_t>(end - kLanes), kLanes, sigma);
  }
  std::ranges::fill(chains_.evaluated, std::uint8_t{0});
  return chains_;
}

void ChainsAtLevel::evaluate(Evaluator& evaluator, float sigma) {
  at(sigma);
  evaluator.evaluate({chains_.n_blocks, chains_.x, chains_.context}, chains_.energy,
                     chains_.energy_grad);
}

std::optional<NonFinite> ChainsAtLevel::non_finite(std::uint64_t step) const {
  if (all_finite(chains_.x) && all_finite(chains_.energy) && all_finite(chains_.energy_grad)) {
    return std::nullopt;
  }
  return find_non_finite(chains_, step);
}

std::optional<NonFinite> ChainsAtLevel::remove_noise(Evaluator& evaluator, float sigma,
                                                     const std::optional<Box>& box,
                                                     std::uint64_t step) {
  evaluate(evaluator, sigma);
  if (auto found = non_finite(step)) return found;
  const float variance = sigma * sigma;
  for (std::size_t i = 0; i < chains_.x.size(); ++i) {
    chains_.x[i] -= variance * chains_.energy_grad[i];
  }
  if (auto found = non_finite(step)) return found;
  if (box) {
    for (float& x : chains_.x) x = std::clamp(x, box->low, box->high);
  }
  return std::nullopt;
}

}  // namespace ebm::samplers
