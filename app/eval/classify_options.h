#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/target/open_classes.h"
#include "evaluation/classification/classifier_run.h"

namespace ebm::app {

/// The options of `ebm classify`.
struct ClassifyCommand {
  std::string model, data, out, predictions;
  std::string temperature;  ///< a number, recipe or fit; empty: as the model was trained
  std::string levels;       ///< X,...; empty: that of the model
  std::string fit_data;
  std::string eps = "0.02,0.05,0.1";
  EvaluatedBy by;
  std::vector<std::string> ood;
  std::optional<std::int64_t> fit_n;
  std::int64_t noise_draws = 0, move_n = 1000, seed = 0, threads = 0;
  bool no_offsets = false, json = false;
};

void add_classify_options(CLI::App& sub, ClassifyCommand& command);

/// Those of --levels; none if it was not given. @throws Error(kUsage) unless they are numbers
std::vector<double> levels_of(const ClassifyCommand& command);

/// What is measured, at T = 1.
/// @throws Error(kUsage) naming the option, its value and what would be right
evaluation::ClassifierRunOptions classifier_options(const ClassifyCommand& command,
                                                    const OpenClasses& opened);

}  // namespace ebm::app
