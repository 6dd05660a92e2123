#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "data/on_read.h"
#include "evaluation/chain_starts.h"
#include "evaluation/precise_energies.h"
#include "evaluation/sampling/mode_search.h"
#include "evaluation/sampling/sampler_overrides.h"
#include "landscape/energy_map.h"
#include "models/open_model.h"

namespace ebm::evaluation {

/// How modes are searched for, by the names of the options of `ebm modes`.
struct ModesRequest {
  ModeSearchOptions search = {};
  landscape::EnergyMapOptions map = {};  ///< but states, descent_step_size, box, seed, n_threads
  std::string states = "basins";
  std::optional<double> descent_step_size;  ///< the model's own
  SamplerOverrides sampler = {};
  std::string init;                     ///< empty: data for a model, noise for a toy
  std::string data;                     ///< SPEC for data; empty: the model's training data
  std::optional<LabelledStarts> given;  ///< starts of `search.n` chains, instead of `init`
  std::int64_t seed = 0;
  int n_threads = 1;
  CoarseEnergies coarse = {};
  data::OnRead on_read = nullptr;
  std::function<void(const std::string&)> on_warning = {};  ///< a line on the data

  /// @throws Error(kUsage) naming what can be found to be wrong without a model
  void validate() const;
};

/// Modes that were found, and how.
struct FoundModes {
  ModeSearch search;
  samplers::SamplerSettings settings;  ///< that the chains ran with
  landscape::StateKind states;
};

/// Starts chains on a model, moves them, and maps the energy by their states.
/// @param model  gets float32 where bfloat16 is too coarse
/// @throws Error(kUsage) naming an option, before anything is read; what labelled_starts(),
///         use_precise_energies() and find_modes() throw
FoundModes modes_of_model(models::EnergyModel& model, const ModesRequest& request);

}  // namespace ebm::evaluation
