#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "flow/flow_architecture.h"
#include "flow/log_determinant.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm::flow {

/// Every setting of `ebm flow train`, with its defaults for images: the keys of a configuration
/// file.
struct FlowOptions : training::RunOptions {
  FlowOptions();

  double logit = -1.0;         ///< -1: resolve() makes it 1e-6 for images of bytes, else 0
  std::int64_t squeezes = -1;  ///< -1: resolve() makes it 2, or as many as the images allow
  std::int64_t blocks = 8;
  std::int64_t hidden = 64;
  nets::ActivationKind activation = nets::ActivationKind::kElu;
  double coefficient = 0.95;
  LogDet log_det = LogDet::kRoulette;  ///< kSeries or kRoulette
  std::int64_t terms = 2;
  double roulette = 0.7;
  std::int64_t norm_iterations = 10;

  /// The table of all keys. Its targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine.
  void resolve(const data::Dataset& dataset, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  /// @throws Error(kUsage) for a key that does not go with the data; Error(kBadData) for points
  /// with
  ///         a coordinate that never changes
  FlowArchitecture architecture(const data::Dataset& dataset) const;
  /// The weights of the terms of the log-determinant in an iteration (flow/log_determinant.h).
  std::vector<double> term_weights(std::int64_t iteration, std::uint32_t generation) const;
  /// By the images that the flow makes.
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm::flow
