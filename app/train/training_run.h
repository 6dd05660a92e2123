#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "training/config_table.h"
#include "training/learner.h"
#include "training/training_loop.h"

namespace ebm::app {

/// The words of a command that trains, whatever it trains.
struct TrainArgs {
  std::string config;
  std::string out;
  bool resume = false;
  bool json = false;
  std::vector<std::string> assignments;  ///< key=value of the flags
  std::vector<std::string> set;          ///< key=value of --set, which come after
};

/// CONFIG, --out, --set, --resume, --json, a flag for each key of `flags`, and all keys below.
/// @param table    with the defaults
/// @param recipes  the names that CONFIG may have
void add_training_options(CLI::App& sub, const training::ConfigTable& table,
                          std::span<const std::string_view> flags, const std::string& recipes,
                          TrainArgs& words);

/// Reads the settings into a table: CONFIG, the flags and --set, each over those before; of a run
/// that is resumed the run's own, with what the words change.
/// @throws Error(kNoInput) if there is no run to resume, Error(kUsage) if there is one already or
///         a resumed run would change what its numbers depend on; what reading keys throws.
void read_settings(const TrainArgs& words, training::ConfigTable& table);

/// The text of a file in the run folder that a resumed run reads, nothing for a new run.
std::optional<std::string> resumed_file(const TrainArgs& words, const std::string& name);

/// What samples are judged with: the shipped features for images of that shape, or a file.
/// @param features  the file, or empty
/// @param asked_by  the words that asked for it, for messages: "eval_budget = 0.1"
/// @throws Error(kUsage) for points, which have no features; what LiveQuality throws.
evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset);

/// What is trained, and on what.
struct TrainingRun {
  training::Learner& learner;
  const training::ConfigTable& table;  ///< resolved
  training::LoopOptions options;
  const data::Dataset& dataset;
  const evaluation::LiveQuality* quality;    ///< null without one
  std::map<std::string, std::string> files;  ///< further ones of the run folder: name, text
};

/// Trains in the run folder, showing how it goes, until an end or a signal; prints what was made.
/// @return the exit code
/// @throws what TrainingLoop throws
int run_training(const TrainArgs& words, const TrainingRun& run);

}  // namespace ebm::app
