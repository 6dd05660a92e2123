#include "samplers/non_finite.h"

#include <cmath>

#include "base/number_text.h"

namespace ebm::samplers {
namespace {

/// The first entry of column `lane` that is not finite, as "name[d] is nan".
std::optional<std::string> fault_of(const char* name, std::span<const float> values,
                                    std::int64_t dim, std::int64_t lane) {
  for (std::int64_t d = 0; d < dim; ++d) {
    const float value = values[static_cast<std::size_t>(d * kLanes + lane)];
    if (!std::isfinite(value))
      return std::string(name) + "[" + std::to_string(d) + "] is " + base::number_text(value);
  }
  return std::nullopt;
}

}  // namespace

std::optional<NonFinite> find_non_finite(const ChainBlocks& chains, std::uint64_t step) {
  const std::int64_t dim = chains.dim;
  std::optional<NonFinite> found;
  for (std::int64_t i = 0; i < chains.n_blocks * kLanes; ++i) {
    const std::int64_t block = i / kLanes, lane = i % kLanes;
    const auto part = [&](std::span<const float> values) {
      return values.subspan(static_cast<std::size_t>(block * dim * kLanes),
                            static_cast<std::size_t>(dim * kLanes));
    };
    auto what = fault_of("energy_grad", part(chains.energy_grad), dim, lane);
    if (!what) what = fault_of("x", part(chains.x), dim, lane);
    const float energy = chains.energy[static_cast<std::size_t>(i)];
    if (!what && !std::isfinite(energy)) what = "energy is " + base::number_text(energy);
    const std::uint64_t id = chains.chain_id[static_cast<std::size_t>(i)];
    if (what && (!found || id < found->chain_id)) found = NonFinite{step, id, *what};
  }
  return found;
}

NonFinite first_non_finite(const ChainBlocks& chains, std::int64_t first_tainted,
                           std::uint64_t step) {
  const std::uint64_t id = chains.chain_id[static_cast<std::size_t>(first_tainted)];
  const auto visible = find_non_finite(chains, step);
  if (visible && visible->chain_id <= id) return *visible;
  return {step, id, "x overflowed"};
}

bool all_finite(std::span<const float> values) {
  float taint = 0.0f;
  for (const float value : values) taint += 0.0f * value;
  return taint == 0.0f;
}

}  // namespace ebm::samplers
