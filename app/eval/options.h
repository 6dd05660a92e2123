#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/target/open_target.h"

namespace ebm::app {

/// The options of `ebm eval`.
struct EvalCommand {
  std::string model, samples, data, features, out;
  EvaluatedBy by;
  std::vector<std::string> ood;
  std::optional<std::int64_t> n, steps, long_run, temperatures;
  std::int64_t densities = 0, seed = 0, threads = 0;
  bool is_long = false, json = false;
};

void add_eval_options(CLI::App& sub, EvalCommand& command);

}  // namespace ebm::app
