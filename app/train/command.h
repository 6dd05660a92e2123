#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/train/train_args.h"
#include "data/dataset.h"
#include "ebm/evaluated_net.h"
#include "ebm/train_options.h"
#include "training/base_measure.h"
#include "training/noise_distribution.h"

namespace ebm::app {

/// What a training run takes from LibTorch, in the program that links it.
struct TorchParts {
  const char* version;
  evaluation::OpenScript open_script;
  NetBackend (*backend)(const TrainOptions& options);
  /// A flow as noise, and as base measure, if the options name one.
  std::unique_ptr<training::NoiseDistribution> (*noise)(const TrainOptions& options,
                                                        const data::Dataset& dataset,
                                                        const TrainArgs& args);
  std::optional<training::BaseMeasure> (*base)(const TrainOptions& options,
                                               const data::Dataset& dataset, const TrainArgs& args);
};

/// ebm train [CONFIG.toml] --data SPEC --out DIR: trains a model into a run folder.
/// @param torch      null in the program without LibTorch
/// @param hand_over  called there for a run that needs it, with the setting that does
void add_train_command(CLI::App& app, int& exit_code, const TorchParts* torch,
                       const std::function<void(const std::string& setting)>& hand_over);

}  // namespace ebm::app
