#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/batch_source.h"
#include "data/dataset.h"
#include "ebm/live_quality.h"
#include "ebm/train_observer.h"
#include "ebm/train_options.h"
#include "ebm/train_state.h"
#include "nets/compiled_net.h"
#include "nets/model.h"
#include "training/run_folder.h"

namespace ebm {

/// Trains an energy by contrastive divergence with persistent chains, into a run folder. Every
/// number depends on the seed and the options alone: not on the number of threads, and not on
/// where the run was interrupted and resumed.
class Trainer {
 public:
  enum class End {
    kIterations,  ///< made all of them
    kMinutes,     ///< the time was up
    kSignal,      ///< `stop` was set
  };

  /// @param quality  judges samples within eval_budget, and outlives the trainer; null without one
  /// @throws Error(kUsage) for options that do not fit each other, the data or the machine.
  Trainer(const TrainOptions& options, const nets::Architecture& architecture,
          const data::Dataset& dataset, const training::RunFolder& folder, TrainObserver& observer,
          const LiveQuality* quality = nullptr);

  /// Goes on from the newest intact checkpoint, if there is one. If samples were judged at what was
  /// to be the last row and is no longer, it goes on from before that: rows depend on the options
  /// alone.
  /// @throws Error(kBadData) if all are damaged or belong to other data or another network.
  void resume();

  /// Trains until an end is reached; then the state is saved as a checkpoint and the model as
  /// model.safetensors. A run that diverges goes back to its last good checkpoint with new noise
  /// and half the learning rate, three times.
  /// @param stop  set to a signal's number to end after the present iteration; one whose samples
  ///              are being judged is then left out, and made and judged after a resume
  /// @throws Error(kDiverged) at the fourth divergence, after saving the last good model;
  ///         Error(kIo) if a checkpoint cannot be written; older ones are untouched.
  End run(const std::atomic<int>& stop);

  std::int64_t iteration() const { return state_.iteration; }

 private:
  using Clock = std::chrono::steady_clock;

  /// One iteration; why it diverged, or nothing.
  std::optional<std::string> iterate();
  /// Tells the observer of the iteration made. @param seconds  that it took, evaluation aside
  void tell(double seconds);
  void draw_negatives();
  /// Judges the samples of this iteration. False if `stop` was set before that was done.
  bool evaluate(const std::atomic<int>& stop);
  std::optional<double> distance_of_samples(const std::atomic<int>& stop);
  /// Undoes an iteration that was not judged to the end.
  void go_back_one_iteration();
  /// Returns to before the evaluation that only the end of a shorter run called for.
  void unmake_end_evaluation();
  void start_afresh();
  void roll_back(const std::string& reason);
  void return_to_good_state();
  void save_checkpoint();
  void save_model() const;
  void open_batches();
  void preview();
  /// n samples of the averaged weights by the model's recipe; nothing if `stop` is set on the way.
  std::optional<std::vector<float>> draw_from_noise(base::Domain domain, std::int64_t n,
                                                    const std::atomic<int>& stop) const;
  std::uint32_t generation() const { return static_cast<std::uint32_t>(state_.rollbacks); }

  TrainOptions options_;
  nets::Architecture architecture_;
  const data::Dataset& dataset_;
  const training::RunFolder& folder_;
  TrainObserver& observer_;
  samplers::LangevinOptions langevin_;
  nets::SamplerRecipe recipe_;
  const LiveQuality* quality_;
  EvaluationSchedule evaluations_;
  std::shared_ptr<const nets::Plan> plan_;             ///< of the compiled backend, null without it
  std::shared_ptr<const nets::CompiledNet> compiled_;  ///< with the weights of this iteration
  TrainState state_;
  std::optional<data::BatchSource> batches_;
  std::vector<float> positives_;    // [batch_size, dim]
  std::vector<float> negatives_;    // [batch_size, dim]
  std::vector<float> before_last_;  // the negatives before their last step, for the KL term
  std::vector<float> energies_;     // of the positives, then of the negatives
  TrainStats stats_;
  bool resumed_ = false;
  double seconds_per_iteration_ = 0.0;  // running mean, for people
};

}  // namespace ebm
