#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "flow/flow_in_training.h"
#include "flow/flow_options.h"
#include "training/data_learner.h"

namespace ebm::flow {

/// Trains a flow by the likelihood of data: descends −(1/(B·d))·Σ_b ln p(x_b) with log-determinants
/// estimated from one probe of ±1 a row and block, then projects every layer's norm below its
/// bound. Every number depends on the seed and the options alone, and not on the number of threads.
/// Source: Behrmann et al. 2019; Chen et al. 2019.
class FlowTrainer : public training::DataLearner {
 public:
  /// @param dataset  outlives the trainer
  /// @param quality  evaluates samples within eval_budget, and outlives it too
  /// @throws Error(kUsage) for options that do not fit each other or the data.
  FlowTrainer(const FlowOptions& options, const data::Dataset& dataset,
              evaluation::QualityReference quality = std::nullopt);
  void prepare() override;
  std::optional<std::string> iterate() override;
  std::vector<training::Figure> figures() const override;
  Work work() const override;
  void show_energies(training::TrainObserver& observer) const override;
  nets::SafetensorsFile model() const override;
  nets::SafetensorsFile model_at_stop() const override;

  const ResidualFlow& average() const { return average_; }

 private:
  /// What an iteration shows.
  struct Shown {
    double loss = 0.0;     // nats a dimension
    double log_det = 0.0;  // of the blocks, mean over rows, a dimension
    double grad_norm = 0.0;
    double learning_rate = 0.0;
    double lipschitz = 0.0;  // the largest of a block
    std::int64_t terms = 0;  // of the series
  };

  const char* sample_source() const override { return "flow"; }
  std::optional<std::vector<float>> draw_samples(base::Domain domain, std::int64_t n,
                                                 const std::atomic<int>& stop) const override;
  /// model.safetensors, the averaged weights, and the files of FlowInTraining.
  nets::CheckpointFiles model_state() const override;
  void restore_model_state(const nets::CheckpointFiles& files, const std::string& origin) override;
  void reset_model_state() override;
  ResidualFlow initial_flow() const;

  FlowOptions options_;
  FlowArchitecture architecture_;
  FlowInTraining learner_;
  ResidualFlow average_;
  std::vector<float> rows_;      // [batch_size, dim]
  std::vector<float> energies_;  // −ln p of these
  Shown shown_;
};

}  // namespace ebm::flow
