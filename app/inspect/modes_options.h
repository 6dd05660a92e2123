#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"
#include "evaluation/sampling/mode_search.h"
#include "landscape/energy_map.h"

namespace ebm::app {

/// The options of `ebm modes` for a model or a toy.
struct ModesOfEnergy {
  std::string model, energy, init, data, out, picture;
  EvaluatedBy by;
  evaluation::ModeSearchOptions search;
  std::int64_t seed = 0, threads = 0;
  bool json = false;
  std::string states = "basins";
  std::optional<double> descent_step_size;
  evaluation::SamplerOverrides sampler;
  landscape::EnergyMapOptions map;
};

/// Adds all but seed and json, which `ebm modes --graph` has too.
void add_modes_of_energy_options(CLI::App& sub, ModesOfEnergy& command);

}  // namespace ebm::app
