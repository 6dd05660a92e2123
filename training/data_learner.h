#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "data/batch_source.h"
#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "nets/architecture/architecture.h"
#include "training/divergence_guard.h"
#include "training/learner.h"
#include "training/run_options.h"

namespace ebm::training {

/// The shape of a data set's items, as the input of a network.
nets::Shape input_shape(const data::Dataset& dataset);

/// What every trainer has beside its model: a data set read in batches, counters, a guard against
/// divergence, and samples that are shown and evaluated.
class DataLearner : public Learner {
 public:
  RunCounters& counters() final { return counters_; }
  const RunCounters& counters() const final { return counters_; }
  void prepare() override;
  Remembered remember() final;
  bool evaluate(const std::atomic<int>& stop, TrainObserver& observer) override;
  void show_samples(TrainObserver& observer) const override;
  nets::UnwrittenFiles to_files(bool scheduled) const final;
  void restore(const nets::CheckpointFiles& files, const std::string& origin) final;
  void start_afresh() final;

 protected:
  /// @param options      valid
  /// @param evaluations  when samples are evaluated
  /// @param dataset      outlives the learner
  /// @param quality      evaluates samples, and outlives it too
  /// @throws Error(kUsage) without a quality that `evaluations` needs.
  DataLearner(const RunOptions& options, const EvaluationSchedule& evaluations,
              const data::Dataset& dataset, evaluation::QualityReference quality);

  /// Where its samples come from, for TrainObserver::on_samples().
  virtual const char* sample_source() const = 0;
  /// n samples of the model, [n, dim]; nothing if `stop` is set on the way.
  virtual std::optional<std::vector<float>> draw_samples(base::Domain domain, std::int64_t n,
                                                         const std::atomic<int>& stop) const = 0;
  /// The present state of the model.
  struct RememberedModel {
    std::function<void()> go_back;
    std::function<nets::UnwrittenFiles()> files = nullptr;  ///< but for state.json
  };
  /// What brings it back: unless overridden, the files of model_state().
  virtual RememberedModel remember_model();
  /// The files of a checkpoint but for state.json and those of add_kept().
  virtual nets::CheckpointFiles model_state() const = 0;
  /// Adds files whose bytes may lie in the model. A learner that has any overrides
  /// remember_model(), too.
  virtual void add_kept(nets::UnwrittenFiles& /*files*/) const {}
  /// @throws Error(kBadData) naming the file and what does not fit.
  virtual void restore_model_state(const nets::CheckpointFiles& files,
                                   const std::string& origin) = 0;
  /// The model before the first iteration.
  virtual void reset_model_state() = 0;

  const data::Dataset& dataset() const { return dataset_; }
  /// Opened by prepare().
  data::BatchSource& batches() { return *batches_; }
  int n_threads() const { return static_cast<int>(run_options_.threads); }
  /// Of the run's seed and its present generation.
  base::RandomKey key(base::Domain domain) const;
  DivergenceGuard& guard() { return guard_; }
  bool evaluates_samples() const { return quality_.has_value(); }
  /// Of a learner that evaluates_samples().
  const evaluation::LiveQuality& quality() const { return *quality_; }
  /// Of the iteration, nothing before evaluate(); set by it, cleared by who makes an iteration.
  std::optional<double>& fd() { return fd_; }
  const std::optional<double>& fd() const { return fd_; }

 private:
  RunOptions run_options_;
  const data::Dataset& dataset_;
  evaluation::QualityReference quality_;
  RunCounters counters_;
  DivergenceGuard guard_;
  std::optional<data::BatchSource> batches_;
  std::optional<double> fd_;
};

}  // namespace ebm::training
