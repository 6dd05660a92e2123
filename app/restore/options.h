#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "app/sample/sampler_options.h"
#include "app/target/open_target.h"
#include "evaluation/runs/restoration_of_model.h"

namespace ebm::app {

/// The options of `ebm restore`.
struct RestoreCommand {
  std::string model, observed, truth, data;
  EvaluatedBy by;
  bool simulates = false, has_no_baselines = false;
  BurnIn burn_in;
  evaluation::RestorationRequest request;  ///< without what stands beside it here
  std::string out, mean_out, spread_out;
  std::int64_t threads = 0;
  bool json = false;
};

void add_restore_options(CLI::App& sub, RestoreCommand& command);

}  // namespace ebm::app
