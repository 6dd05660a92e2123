#include "evaluation/sampling/mode_search.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/require.h"
#include "base/system/memory_limit.h"

namespace ebm::evaluation {
namespace {

/// A billion values of frames in memory.
constexpr double kMaxFrameValues = 1e9;

}  // namespace

void ModeSearchOptions::validate() const {
  base::require_at_least("n", n, 1);
  base::require_at_least("frames", frames, 2);
  base::require_at_least("burn-in", burn_in, adapt ? 1 : 0);
  base::require_at_least("lag", lag, 1);
}

void ModeSearchOptions::require_memory(std::int64_t dim) const {
  const double n_values =
      static_cast<double>(n) * static_cast<double>(frames) * static_cast<double>(dim);
  if (n_values > kMaxFrameValues) {
    throw Error(ErrorCode::kUsage, "frames = " + std::to_string(frames) +
                                       ": must be fewer, or n: at most 1e9 numbers are kept");
  }
  // Frames, starts, and chains with gradients and momenta.
  base::require_memory(
      {.option = "n",
       .value = n,
       .what = "chains of " + std::to_string(frames) + " frames of dim " + std::to_string(dim),
       .each = (4.0 * static_cast<double>(frames) + 16.0) * static_cast<double>(dim)});
}

samplers::SamplerSettings mode_search_settings(const models::EnergyModel& model,
                                               const SamplerOverrides& overrides,
                                               std::int64_t n_steps) {
  samplers::SamplerSettings settings = model.settings;
  if (!overrides.sampler) {
    settings.sampler = samplers::SamplerKind::kMala;
    settings.noise_scale = std::nullopt;
    settings.clamp_energy_grad = std::nullopt;
  }
  apply_overrides(overrides, model.energy->dim(), n_steps, settings);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  return settings;
}

ModeSearch find_modes(const models::EnergyModel& model, const LabelledStarts& starts,
                      const ModeSearchOptions& options, samplers::SamplerSettings& settings,
                      const landscape::EnergyMapOptions& map) {
  Walk walk = walk_chains(*model.energy, starts.rows,
                          {.n = options.n,
                           .burn_in = options.burn_in,
                           .steps = options.frames * options.lag,
                           .thinning = options.lag,
                           .adapt = options.adapt,
                           .keep_draws = true,
                           .seed = map.seed,
                           .n_threads = map.n_threads,
                           .on_progress = options.on_progress},
                          settings);
  const auto precise = model.in_float32 ? model.in_float32() : model.energy;
  landscape::EnergyMap found =
      landscape::map_energy(*precise, walk.draws, options.n, options.lag, starts.labels, map);
  return {std::move(walk), std::move(found)};
}

}  // namespace ebm::evaluation
