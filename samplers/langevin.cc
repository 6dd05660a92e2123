#include "samplers/langevin.h"

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "samplers/langevin_update.h"

namespace ebm::samplers {
namespace {

[[noreturn]] void refuse(const char* name, float value, const char* right) {
  throw Error(ErrorCode::kUsage,
              std::string(name) + " = " + base::number_text(value) + ": must be " + right);
}

/// The first entry of column `lane` that is not finite, as "name[d] is nan".
std::optional<std::string> find_non_finite(const char* name, std::span<const float> values,
                                           std::int64_t dim, std::int64_t lane) {
  for (std::int64_t d = 0; d < dim; ++d) {
    const float value = values[static_cast<std::size_t>(d * kLanes + lane)];
    if (!std::isfinite(value))
      return std::string(name) + "[" + std::to_string(d) + "] is " + base::number_text(value);
  }
  return std::nullopt;
}

/// What is wrong with the block after step `step`, or nothing.
std::optional<NonFinite> diagnose(const ChainBlocks& chains, std::int64_t block,
                                  std::uint64_t step) {
  const std::int64_t dim = chains.dim;
  const auto part = [&](std::span<const float> values, std::int64_t width) {
    return values.subspan(static_cast<std::size_t>(block * width * kLanes),
                          static_cast<std::size_t>(width * kLanes));
  };
  std::optional<NonFinite> found;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const std::uint64_t id = chains.chain_id[static_cast<std::size_t>(block * kLanes + lane)];
    auto what = find_non_finite("energy_grad", part(chains.energy_grad, dim), dim, lane);
    if (!what) what = find_non_finite("x", part(chains.x, dim), dim, lane);
    if (!what) {
      const float energy = part(chains.energy, 1)[static_cast<std::size_t>(lane)];
      if (!std::isfinite(energy)) what = "energy is " + base::number_text(energy);
    }
    if (what && (!found || id < found->chain_id)) found = NonFinite{step, id, *what};
  }
  return found;
}

bool all_finite(std::span<const float> values) {
  float taint = 0.0f;
  for (const float value : values) taint += 0.0f * value;
  return taint == 0.0f;
}

}  // namespace

void LangevinOptions::validate() const {
  if (!(step_size > 0.0f) || !std::isfinite(step_size)) {
    refuse("step_size", step_size, "a positive number");
  }
  if (!(noise_scale >= 0.0f) || !std::isfinite(noise_scale)) {
    refuse("noise_scale", noise_scale, "0 or a positive number");
  }
  if (clamp_energy_grad && (!(*clamp_energy_grad > 0.0f) || !std::isfinite(*clamp_energy_grad))) {
    refuse("clamp_energy_grad", *clamp_energy_grad, "a positive number");
  }
  if (box && !(box->low < box->high)) refuse("box", box->low, "below its upper end");
}

float noise_scale_of(float step_size, float temperature) {
  if (!(temperature >= 0.0f) || !std::isfinite(temperature)) {
    refuse("temperature", temperature, "0 or a positive number");
  }
  return std::sqrt(2.0f * step_size * temperature);
}

float effective_temperature(float step_size, float noise_scale) {
  return noise_scale * noise_scale / (2.0f * step_size);
}

Langevin::Langevin(const LangevinOptions& options) : options_(options) { options_.validate(); }

StepInfo Langevin::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::int64_t dim = chains.dim;
  std::vector<NormalCache> caches(static_cast<std::size_t>(chains.n_blocks));
  StepInfo info;
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                       chains.energy_grad);
    bool finite = all_finite(chains.energy);
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const LangevinUpdate update{.x = chains.x.data() + block * dim * kLanes,
                                  .energy_grad = chains.energy_grad.data() + block * dim * kLanes,
                                  .temperature = chains.temperature.data() + block * kLanes,
                                  .chain_id = chains.chain_id.data() + block * kLanes,
                                  .dim = dim,
                                  .step_size = options_.step_size,
                                  .noise_scale = options_.noise_scale,
                                  .max_grad = options_.clamp_energy_grad.value_or(kInfinity),
                                  .low = options_.box ? options_.box->low : -kInfinity,
                                  .high = options_.box ? options_.box->high : kInfinity,
                                  .key = rng.key,
                                  .first_word = step * static_cast<std::uint64_t>(dim)};
      finite &= update_block(update, caches[static_cast<std::size_t>(block)]);
    }
    if (!finite) {
      for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
        const auto found = diagnose(chains, block, step);
        if (found && (!info.non_finite || found->chain_id < info.non_finite->chain_id)) {
          info.non_finite = found;
        }
      }
      // The box may have pulled an overflowing state back in; it did overflow.
      if (!info.non_finite) info.non_finite = NonFinite{step, chains.chain_id[0], "x overflowed"};
      return info;
    }
  }
  return info;
}

std::string Langevin::divergence_hint() const {
  return "step_size " + base::number_text(options_.step_size) +
         " is too large for this energy: take a smaller one";
}

}  // namespace ebm::samplers
