#pragma once

#include <memory>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "nets/files/checkpoint_folder.h"
#include "training/base_measure.h"
#include "training/noise_distribution.h"

namespace ebm::flow {

/// Where a training run takes a flow from that is part of it.
struct FlowOfRun {
  std::string model;  ///< MODEL that the run begins with
  /// The newest of a run that goes on: its copy of the flow is taken, even if the model has
  /// changed.
  std::optional<nets::FoundCheckpoint> checkpoint;
  std::string run;               ///< folder of the run, for messages
  const data::Dataset& dataset;  ///< whose items the flow has to take
  std::string data;              ///< its SPEC
};

/// The flow as noise of a noise-contrastive objective.
/// @param n_threads  no bit depends on it
/// @throws Error(kShape) unless the flow takes such items; what reading the flow throws
std::unique_ptr<training::NoiseDistribution> noise_of_run(const FlowOfRun& source, int n_threads);

/// The flow as the base measure that a network tilts.
/// @throws as noise_of_run()
training::BaseMeasure base_of_run(const FlowOfRun& source);

}  // namespace ebm::flow
