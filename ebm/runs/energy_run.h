#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ebm/evaluated_net.h"
#include "ebm/train_options.h"
#include "training/base_measure.h"
#include "training/noise_distribution.h"
#include "training/runs/run_request.h"
#include "training/training_session.h"

namespace ebm {

/// The recipes that come with the package for energies.
std::vector<std::string> energy_recipes();

/// What the training of an energy takes from LibTorch, in a program that links it.
struct TorchParts {
  const char* version;
  evaluation::OpenScript open_script;
  NetBackend (*backend)(const TrainOptions& options);
  /// A flow as noise, and as base measure, if the options name one.
  std::unique_ptr<training::NoiseDistribution> (*noise)(const TrainOptions& options,
                                                        const data::Dataset& dataset,
                                                        const training::RunRequest& request);
  std::optional<training::BaseMeasure> (*base)(const TrainOptions& options,
                                               const data::Dataset& dataset,
                                               const training::RunRequest& request);
};

/// Prepares the training of an energy and makes it: settings, data, network, trainer.
/// @param request        gets the version of LibTorch, if that takes part
/// @param torch          null in a program without LibTorch
/// @param without_torch  called there for a run that needs it, with the setting that does; throws
/// @param train          trains the session, as training::train() does
/// @throws what preparing, Trainer and `train` throw
void run_energy_training(training::RunRequest& request, const TorchParts* torch,
                         const std::function<void(const std::string& setting)>& without_torch,
                         const std::function<void(const training::TrainingSession&)>& train);

}  // namespace ebm
