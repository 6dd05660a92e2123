#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"
#include "evaluation/runs/modes_of_model.h"

namespace ebm::app {

/// The options of `ebm modes` for a model or a toy.
struct ModesOfEnergy {
  std::string model, energy, out, picture;
  EvaluatedBy by;
  evaluation::ModesRequest request;
  std::int64_t threads = 0;
  bool json = false;
};

/// Adds all but seed and json, which `ebm modes --graph` has too.
void add_modes_of_energy_options(CLI::App& sub, ModesOfEnergy& command);

}  // namespace ebm::app
