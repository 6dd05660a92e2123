#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "app/target/open_target.h"
#include "evaluation/runs/evaluation_of_model.h"

namespace ebm::app {

/// The options of `ebm eval`.
struct EvalCommand {
  std::string model, samples, out;
  EvaluatedBy by;
  evaluation::EvaluationRequest request;
  std::int64_t threads = 0;
  bool json = false;
};

void add_eval_options(CLI::App& sub, EvalCommand& command);

}  // namespace ebm::app
