#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"

namespace ebm::app {

/// The options of `ebm restore`.
struct RestoreCommand {
  std::string model, observed, operator_text, truth, data;
  EvaluatedBy by;
  double noise_sd = 0.0, strength = 1.0;
  bool simulates = false, has_no_baselines = false;
  std::int64_t n = 8;
  std::optional<std::int64_t> steps;
  BurnIn burn_in;
  std::string init = "observation";
  evaluation::SamplerOverrides sampler;
  std::string out, mean_out, spread_out;
  std::int64_t seed = 0, threads = 0;
  bool json = false;
};

void add_restore_options(CLI::App& sub, RestoreCommand& command);

}  // namespace ebm::app
