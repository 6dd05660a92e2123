#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"
#include "models/class_chains.h"

namespace ebm::app {

/// The options of `ebm sample`.
struct SampleCommand {
  std::string model, energy;
  EvaluatedBy by;
  std::int64_t n = 64;
  std::optional<std::int64_t> steps, thinning;
  BurnIn burn_in;
  evaluation::SamplerOverrides sampler;
  std::string klass;
  models::GuidanceOverrides guidance;
  std::string init = "noise", data;
  std::int64_t seed = 0, threads = 0;
  std::string out, trace, energy_trace, adapt_out;
  std::optional<double> target_acceptance;
  bool diagnose = false, json = false;
};

void add_sample_options(CLI::App& sub, SampleCommand& command);

}  // namespace ebm::app
