#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "training/config_table.h"
#include "training/learner.h"
#include "training/training_loop.h"

namespace ebm::training {

/// What is trained, on what, and where it is written.
struct TrainingSession {
  Learner& learner;
  const data::Dataset& dataset;
  const ConfigTable& table;  ///< resolved, for config.toml
  LoopOptions options;
  evaluation::QualityReference quality = std::nullopt;  ///< of the samples
  std::map<std::string, std::string> files = {};        ///< further ones of the folder: name, text
  std::filesystem::path folder;                         ///< of the run (training/run_folder.h)
  bool resume = false;                                  ///< from the newest checkpoint in it
  std::string program;                                  ///< version of the program that trains
  std::string libtorch = {};                            ///< empty for a run without LibTorch
  TrainObserver* observer = nullptr;                    ///< told beside what is shown; may be null
  bool is_shown = true;                                 ///< on stderr
};

/// How a session went.
struct TrainingResult {
  TrainingLoop::End end;
  std::int64_t iteration = 0;     ///< made, in all sessions
  std::int64_t n_iterations = 0;  ///< that the run was to make
  double schedule_done = 1.0;     ///< share of the fall of the learning rate
  std::filesystem::path folder, model;
  std::string picture = {};                             ///< the newest; empty if there is none
  std::optional<double> fd = std::nullopt;              ///< the newest, if samples were evaluated
  std::optional<std::string> bf16_unit = std::nullopt;  ///< what multiplied in bfloat16
  std::vector<std::string> warnings = {};               ///< that were shown
};

/// Trains in a run folder until an end, and shows how it goes (training/train_display.h).
/// @param begin  called when all is ready: what becomes nonzero to end the run, a signal's number
/// @throws Error(kUsage) if the folder has a run that is not to be resumed, or one that has made
///         more iterations; what TrainingLoop throws
TrainingResult train(const TrainingSession& session,
                     const std::function<const std::atomic<int>&()>& begin);

}  // namespace ebm::training
