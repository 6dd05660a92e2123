#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"
#include "landscape/energy_map.h"

namespace ebm::app {

/// The words of `ebm modes` of a model or a toy.
struct ModesOfEnergy {
  std::string model;
  std::string energy;
  std::string backend;
  std::string init;
  std::string data;
  std::int64_t n = 256;
  std::int64_t frames = 10;
  std::optional<std::int64_t> lag;
  std::int64_t burn_in = 0;
  std::int64_t threads = 0;
  bool adapt = false;
  std::string out;
  std::string picture;
  std::optional<double> descent_step_size;
  SamplerOptions sampler;
  landscape::EnergyMapOptions map;
};

void add_modes_of_energy_options(CLI::App& sub, ModesOfEnergy& words);

/// Walks, maps, prints and writes.
void run_modes_of_energy(ModesOfEnergy words, std::int64_t seed, bool json,
                         const Backends& backends);

}  // namespace ebm::app
