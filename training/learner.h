#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nets/files/checkpoint_folder.h"
#include "nets/files/safetensors.h"
#include "training/run_counters.h"
#include "training/train_observer.h"

namespace ebm::training {

/// What Learner::remember() keeps of a state.
struct Remembered {
  std::function<void()> go_back;  ///< brings it back, counters included
  /// to_files() of it, made while the learner is in another state, as those of an iteration that is
  /// abandoned; go_back() has to follow. Null where that saves no time.
  /// @param scheduled  see state_json()
  /// @param seconds    of training to count in addition
  /// @return files that may lie in the learner and in this object
  std::function<nets::UnwrittenFiles(bool scheduled, double seconds)> files = nullptr;
};

/// A model in training as TrainingLoop takes it from iteration to iteration. Whatever it does is a
/// function of its options and of the state that its checkpoints hold.
class Learner {
 public:
  virtual ~Learner() = default;

  virtual RunCounters& counters() = 0;
  virtual const RunCounters& counters() const = 0;
  /// Makes ready to go on from the present state; called at the start of each session and after a
  /// roll-back.
  virtual void prepare() = 0;
  /// What brings back the present state: of an iteration that is abandoned.
  virtual Remembered remember() = 0;
  /// One iteration, counted unless it diverged: why it did, or nothing.
  /// @throws base::Interrupted at any point; remember() before it then brings back the state.
  virtual std::optional<std::string> iterate() = 0;
  /// Evaluates the samples of this iteration. False if `stop` was set before that was done.
  /// @throws base::Interrupted likewise.
  virtual bool evaluate(const std::atomic<int>& stop, TrainObserver& observer) = 0;

  /// The figures of the last iteration, in the order of columns; the same names always.
  virtual std::vector<Figure> figures() const = 0;
  /// Units of work of an iteration, and what their rate is called.
  struct Work {
    const char* rate_name;  ///< "chain_steps_per_s", say
    double an_iteration;
  };
  virtual Work work() const = 0;
  /// Passes on what belongs to a row beside its figures.
  virtual void show_energies(TrainObserver& observer) const = 0;
  /// Passes on samples for pictures.
  /// @throws base::Interrupted before it has.
  virtual void show_samples(TrainObserver& observer) const = 0;

  /// The files of a checkpoint, a state.json among them. @param scheduled  see state_json()
  /// What they hold may lie in the model, which is to stay as it is until they are written.
  virtual nets::UnwrittenFiles to_files(bool scheduled) const = 0;
  /// @throws Error(kBadData) naming the file and what does not fit.
  virtual void restore(const nets::CheckpointFiles& files, const std::string& origin) = 0;
  /// The state before the first iteration.
  virtual void start_afresh() = 0;
  /// model.safetensors of a run that has made all of its iterations.
  virtual nets::SafetensorsFile model() const = 0;
  /// The same of one that is stopped before, by a signal or a time limit: within some tenths of a
  /// second, if in another way.
  virtual nets::SafetensorsFile model_at_stop() const { return model(); }
};

/// The columns of a run: the iteration, what the learner shows, what is counted and timed.
std::vector<Figure> run_figures(const Learner& learner, double iterations_per_s);

}  // namespace ebm::training
