#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/interruption.h"
#include "training/evaluation_schedule.h"
#include "training/learner.h"
#include "training/run_folder.h"
#include "training/train_observer.h"

namespace ebm::training {

struct LoopOptions {
  std::int64_t iterations = 0;
  /// Time limit; 0: none. If samples are evaluated, the run goes on to its next row.
  double minutes = 0.0;
  double seconds_before = 0.0;  ///< of the time limit, used before run()
  /// Iteration at which the learning rate ends to fall; 0: it does not fall.
  std::int64_t schedule_end = 0;
  /// Whether somebody has asked, since the last call, for a checkpoint.
  std::function<bool()> take_save_request = [] { return false; };
  /// Whether somebody has asked for the end, as a signal does.
  std::function<bool()> is_end_requested = [] { return false; };
  std::int64_t log_every = 1;
  std::int64_t sample_every = 0;  ///< 0: never
  std::int64_t checkpoint_every = 1;
  std::int64_t keep_checkpoints = 1;
  EvaluationSchedule evaluations{};
};

/// Takes a model through its training, in a run folder: checkpoints, roll-backs, signals, rows.
/// Every number depends on the learner alone, not on where the run was interrupted and resumed.
class TrainingLoop {
 public:
  enum class End {
    kIterations,  ///< made all of them
    kMinutes,     ///< the time was up
    kSignal,      ///< `stop` was set, or the end was asked for
  };

  /// All of them outlive the loop.
  TrainingLoop(const LoopOptions& options, const RunFolder& folder, TrainObserver& observer,
               Learner& learner)
      : options_(options), folder_(folder), observer_(observer), learner_(learner) {}

  /// Goes on from the newest intact checkpoint, if there is one. If samples were evaluated at what
  /// was to be the last row and is no longer, it goes on from before that: rows depend on the
  /// options alone.
  /// @throws Error(kBadData) if all are damaged or belong to other data or another network.
  void resume();

  /// Trains until an end is reached; then the state is saved as a checkpoint and the model as
  /// model.safetensors. A run that diverges goes back to its last good checkpoint with new noise
  /// and half the learning rate, three times.
  /// A signal and the time limit do not wait for an iteration that takes long, or whose samples are
  /// evaluated or shown: it is abandoned, and made after a resume. The caller may have an
  /// InterruptionScope of `stop`; it then interrupts such iterations alone.
  /// @param stop  set to a signal's number to end
  /// @throws Error(kDiverged) at the fourth divergence, after saving the last good model;
  ///         Error(kIo) if a checkpoint cannot be written; older ones are untouched.
  End run(const std::atomic<int>& stop);

 private:
  using Clock = base::InterruptionScope::Clock;

  RunCounters& counters() const { return learner_.counters(); }
  /// Seconds since the last lap.
  double lap();
  /// The iteration after the present one, unless it was interrupted; then the state is that before
  /// it. @param last  iteration of the run
  bool next(const std::atomic<int>& stop, std::int64_t last);
  /// The present state, if the next iteration may take long; else nothing.
  std::optional<Remembered> remember_if_long(bool is_evaluated, bool is_shown);
  /// Goes back to the state before an iteration that was interrupted, and saves it where that is
  /// faster before it is brought back.
  /// @param seconds  that the iteration has taken
  void abandon(const Remembered& before, std::int64_t iteration, double seconds);
  /// Whether the time limit is reached.
  bool is_time_up() const;
  /// Says once, when the speed is known, that the time limit will cut the schedule off.
  void warn_of_time_limit();
  /// Where a run ends whose time is up now: with the row that is evaluated, if any is.
  std::int64_t end_in_time() const;
  /// Tells the observer of the iteration made. @param seconds  that it took, evaluation aside
  void tell(double seconds);
  /// Returns to before the evaluation that only the end of a shorter run called for.
  void unmake_end_evaluation();
  void roll_back(const std::string& reason);
  void return_to_good_state();
  bool is_on_schedule(std::int64_t iteration) const;
  void save_checkpoint();
  void remove_old_checkpoints();
  void save_model(const nets::SafetensorsFile& model) const;

  LoopOptions options_;
  Clock::time_point start_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::int64_t first_iteration_ = 0;  // made before run()
  bool warned_of_time_limit_ = false;
  const RunFolder& folder_;
  TrainObserver& observer_;
  Learner& learner_;
  Clock::time_point lap_start_;
  bool saved_ = false;                  // whether the present state is a checkpoint already
  double seconds_per_iteration_ = 0.0;  // running mean, for people
  std::optional<base::InterruptionPause> pause_;  // but in iterations that can be abandoned
};

}  // namespace ebm::training
