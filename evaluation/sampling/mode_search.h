#pragma once

#include <cstdint>

#include "evaluation/chain_starts.h"
#include "evaluation/progress.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "evaluation/walk.h"
#include "landscape/energy_map.h"
#include "models/open_model.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// The chains whose states are the frames of a map of the modes (landscape/energy_map.h).
struct ModeSearchOptions {
  std::int64_t n = 256;      ///< chains
  std::int64_t frames = 10;  ///< states taken from each chain
  std::int64_t lag = 100;    ///< steps between frames
  std::int64_t burn_in = 0;  ///< steps before the first frame
  bool adapt = false;        ///< step size and mass, during burn-in
  OnProgress on_progress = nullptr;

  std::int64_t n_steps() const { return burn_in + frames * lag; }
  /// @throws Error(kUsage) naming the option, its value and what would be right
  void validate() const;
  /// Refuses frames that would not fit in memory, or are more than 10^9 numbers.
  /// @param dim  of the energy
  /// @throws Error(kUsage) naming frames or n
  void require_memory(std::int64_t dim) const;
};

/// Result of find_modes().
struct ModeSearch {
  Walk walk;
  landscape::EnergyMap map;
};

/// Settings of the chains: those of the model at its temperature with MALA, whose accept step keeps
/// the visits to modes in proportion, or with the sampler that is given.
/// @param n_steps  of schedules
/// @throws Error(kUsage) naming an option
samplers::SamplerSettings mode_search_settings(const models::EnergyModel& model,
                                               const SamplerOverrides& overrides,
                                               std::int64_t n_steps);

/// Runs the chains, and maps their states. Energies of the map are in float32 even if the chains'
/// are not, as descents and paths look for places where small differences change their sign.
/// @param starts    [n, dim]; their labels are compared with the modes
/// @param settings  of the sampler; adaptation replaces step size and inverse mass
/// @param map       with the seed and n_threads of the chains, too
/// @throws what walk_chains() and landscape::map_energy() throw
ModeSearch find_modes(const models::EnergyModel& model, const LabelledStarts& starts,
                      const ModeSearchOptions& options, samplers::SamplerSettings& settings,
                      const landscape::EnergyMapOptions& map);

}  // namespace ebm::evaluation
