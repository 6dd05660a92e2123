#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "flow/flow_architecture.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm::flow {

/// Every setting of `ebm flow train`, with its defaults: the keys of a configuration file. Those
/// marked * in the help have another default for toys.
struct FlowOptions : training::RunOptions {
  FlowOptions();

  double logit = -1.0;         ///< resolve() makes it 1e-6 of images of bytes, else 0
  std::int64_t squeezes = -1;  ///< resolve() makes it as many as the size of images allows, up to 2
  std::int64_t blocks = 8;
  std::int64_t hidden = 64;
  std::string activation = "elu";
  double coefficient = 0.95;
  std::string log_det = "roulette";
  std::int64_t terms = 2;
  double roulette = 0.7;
  std::int64_t norm_iterations = 10;

  /// The table of all keys, whose targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine.
  void resolve(const data::Dataset& dataset, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  FlowArchitecture architecture(const data::Dataset& dataset) const;
  /// The weights of the terms of the log-determinant in an iteration (flow/log_determinant.h).
  std::vector<double> term_weights(std::int64_t iteration, std::uint32_t generation) const;
  /// By the images that the flow makes.
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm::flow
