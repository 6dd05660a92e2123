#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/batch_source.h"
#include "data/dataset.h"
#include "flow/flow_options.h"
#include "flow/flow_state.h"
#include "training/learner.h"
#include "training/live_quality.h"

namespace ebm::flow {

/// Learns a flow by the likelihood of data: descends −(1/(B·d))·Σ_b ln p(x_b) with log-determinants
/// estimated from one probe of ±1 a row and block, then brings every layer's norm below its bound
/// again. Every number depends on the seed and the options alone, and not on the number of threads.
/// Source: Behrmann et al. 2019; Chen et al. 2019.
class FlowTrainer : public training::Learner {
 public:
  /// @param dataset  outlives the trainer
  /// @param quality  judges samples within eval_budget, and outlives it too; null without one
  /// @throws Error(kUsage) for options that do not fit each other or the data.
  FlowTrainer(const FlowOptions& options, const data::Dataset& dataset,
              const training::LiveQuality* quality = nullptr);

  training::RunCounters& counters() override { return state_.counters; }
  const training::RunCounters& counters() const override { return state_.counters; }
  void prepare() override;
  std::optional<std::string> iterate() override;
  bool evaluate(const std::atomic<int>& stop, training::TrainObserver& observer) override;
  std::vector<training::Figure> figures() const override;
  Work work() const override;
  void show_energies(training::TrainObserver& observer) const override;
  void show_samples(training::TrainObserver& observer) const override;
  nets::CheckpointFiles to_files(bool scheduled) const override;
  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    state_.restore(files, origin);
  }
  void start_afresh() override;
  nets::SafetensorsFile model() const override;

  const ResidualFlow& average() const { return state_.average; }

 private:
  /// What an iteration shows.
  struct Shown {
    double loss = 0.0;     // nats a dimension
    double log_det = 0.0;  // of the blocks, mean over rows, a dimension
    double grad_norm = 0.0;
    double learning_rate = 0.0;
    double lipschitz = 0.0;  // the largest of a block
    std::int64_t terms = 0;  // of the series
    std::optional<double> fd = std::nullopt;
  };

  FlowOptions options_;
  const data::Dataset& dataset_;
  const training::LiveQuality* quality_;
  FlowState state_;
  std::optional<data::BatchSource> batches_;
  std::vector<float> rows_;      // [batch_size, dim]
  std::vector<float> energies_;  // −ln p of these
  Shown shown_;
};

}  // namespace ebm::flow
