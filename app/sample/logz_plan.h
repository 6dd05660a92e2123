#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/target/open_target.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/ais/diffusion_annealing.h"

namespace ebm::app {

/// The options of `ebm logz`.
struct LogZCommand {
  std::string model, energy;
  EvaluatedBy by;
  std::int64_t n = 1024;
  std::int64_t temperatures = 1000;
  std::string path;  ///< empty: noise for a model that goes through levels, else beta
  std::string schedule = "sigmoidal";
  std::int64_t steps = 1;
  std::string sampler = "hmc";
  std::optional<std::int64_t> leapfrog;
  std::string base;
  std::optional<double> base_sd;
  std::vector<double> box;
  double temperature = 1.0;
  std::string reverse;
  std::int64_t seed = 0, threads = 0;
  bool json = false;
};

/// Whether an option was given, by its name.
using IsGiven = std::function<bool(const char* option)>;

/// Whether the path goes through the levels of noise of target.level_walk, rather than by beta.
/// @throws Error(kUsage) naming the option, its value and what would be right
bool goes_by_noise(const LogZCommand& command, const Target& target, const IsGiven& is_given);

/// Of a path by noise.
/// @throws Error(kUsage) naming the option, its value and what would be right
samplers::DiffusionAnnealingOptions diffusion_options(const LogZCommand& command,
                                                      const models::LevelWalk& walk);

/// Of a path by beta.
/// @param model_box  walls of the model, if it has any
/// @throws Error(kUsage) naming the option, its value and what would be right
samplers::AnnealedImportanceOptions annealing_options(
    const LogZCommand& command, const std::optional<samplers::Box>& model_box);

}  // namespace ebm::app
