#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "app/target/open_target.h"
#include "evaluation/density/level_density.h"

namespace ebm::app {

/// The options of `ebm score`.
struct ScoreCommand {
  std::string model;
  EvaluatedBy by;
  std::string data, klass, density;
  std::string out;
  std::int64_t n = 0, seed = 0, threads = 0;
  bool json = false;
};

void add_score_options(CLI::App& sub, ScoreCommand& command);

/// What --density names.
/// @throws Error(kUsage) for another name
evaluation::DensityMethod density_method(const ScoreCommand& command);

/// Checks what can be checked without reading anything.
/// @throws Error(kUsage) naming the option
void validate(const ScoreCommand& command);

}  // namespace ebm::app
