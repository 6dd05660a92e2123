#include "training/training_loop.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/float_mode.h"
#include "base/number_text.h"
#include "base/path_kind.h"
#include "nets/files/safetensors.h"

namespace ebm::training {
namespace {

constexpr std::int64_t kMaxRollbacks = 3;
/// Of an iteration that need not be interrupted.
constexpr double kShortSeconds = 0.25;
/// Before its speed is known.
constexpr double kMeasuredShare = 0.1, kMeasuredSeconds = 60.0;
constexpr std::int64_t kMeasuredIterations = 3;
/// A limit beyond them is none.
constexpr double kMaxSeconds = 1e9;

/// Rounded down to two digits that count: a number of iterations that people type.
std::int64_t two_digits_of(std::int64_t n) {
  std::int64_t unit = 1;
  while (n / unit >= 100) unit *= 10;
  return n / unit * unit;
}

/// Whether the checkpoint of this state.json is one to roll back to.
bool is_good(const std::filesystem::path& state) {
  return base::path_exists(state) && good_to_return_to(base::read_file(state));
}

}  // namespace

double TrainingLoop::lap() {
  const auto now = Clock::now();
  return std::chrono::duration<double>(now - std::exchange(lap_start_, now)).count();
}

void TrainingLoop::resume() {
  if (nets::list_checkpoints(folder_.checkpoints()).empty()) {
    // A run that was killed before its first checkpoint begins anew; one that has made a model had
    // checkpoints, and a new beginning would write over it.
    if (!base::path_exists(folder_.model())) return;
    throw Error(ErrorCode::kNoInput,
                "no checkpoint in " + folder_.checkpoints().string() +
                    ", so the run cannot go on; " + folder_.model().string() +
                    " is kept: train into another folder, or move it away to begin anew");
  }
  const auto found = nets::newest_checkpoint(
      folder_.checkpoints(), [&](const std::string& line) { observer_.on_warning(line); });
  learner_.restore(found.files, found.folder.string());
  const std::int64_t evaluated = counters().end_evaluation;
  if (evaluated > 0 && options_.iterations > counters().iteration &&
      evaluated != options_.evaluations.last(options_.iterations)) {
    unmake_end_evaluation();
  }
  const auto checkpoints = nets::list_checkpoints(folder_.checkpoints());
  saved_ = !checkpoints.empty() && checkpoints.back() == counters().iteration;
}

void TrainingLoop::unmake_end_evaluation() {
  const std::int64_t before = counters().end_evaluation - 1;
  const auto folder = nets::checkpoint_path(folder_.checkpoints(), before);
  try {
    learner_.restore(nets::read_checkpoint(folder), folder.string());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kIo) throw;  // it may be sound
    // Then metrics.csv has a figure more than a run of this length from the start.
    observer_.on_warning(std::string(error.what()) + "; the run goes on from its end");
    return;
  }
  for (const std::int64_t iteration : nets::list_checkpoints(folder_.checkpoints())) {
    if (iteration > before) nets::remove_checkpoint(folder_.checkpoints(), iteration);
  }
}

void TrainingLoop::tell(double seconds) {
  seconds_per_iteration_ =
      seconds_per_iteration_ == 0.0 ? seconds : 0.9 * seconds_per_iteration_ + 0.1 * seconds;
  const std::int64_t iteration = counters().iteration;
  const double rate = 1.0 / seconds_per_iteration_;
  const TrainStats stats{.iteration = iteration, .figures = run_figures(learner_, rate)};
  observer_.on_iteration(stats);
  if (iteration % options_.log_every == 0) {
    observer_.on_log(stats);
    learner_.show_energies(observer_);
  }
}

std::optional<Remembered> TrainingLoop::remember_if_long(bool is_evaluated, bool is_shown) {
  const bool may_be_long = seconds_per_iteration_ == 0.0 || seconds_per_iteration_ > kShortSeconds;
  if (!may_be_long && !is_evaluated && !is_shown) return std::nullopt;
  return learner_.remember();
}

void TrainingLoop::abandon(const Remembered& before, std::int64_t iteration, double seconds) {
  if (!saved_ && before.files) {
    observer_.on_checkpoint();
    nets::write_checkpoint(folder_.checkpoints(), iteration,
                           before.files(is_on_schedule(iteration), seconds));
    saved_ = true;
  }
  before.go_back();
  counters().seconds += seconds;
}

bool TrainingLoop::next(const std::atomic<int>& stop, std::int64_t last) {
  const std::int64_t iteration = counters().iteration + 1;
  const bool is_evaluated = options_.evaluations.is_due(iteration, last);
  const bool is_shown = options_.sample_every > 0 && iteration % options_.sample_every == 0;
  // The place to go back to if the run turns out to be longer than it is now.
  if (is_evaluated && !saved_) save_checkpoint();
  const std::optional<Remembered> before = remember_if_long(is_evaluated, is_shown);
  std::optional<std::string> reason;
  double seconds = 0.0, seconds_of_rest = 0.0;
  try {
    std::optional<base::InterruptionScope> scope;
    if (before) {
      scope.emplace(stop, deadline_);
      pause_.reset();
    }
    reason = learner_.iterate();
    seconds = lap();
    if (!reason && is_evaluated && !learner_.evaluate(stop, observer_)) throw base::Interrupted{};
    if (!reason && is_shown) learner_.show_samples(observer_);
    seconds_of_rest = lap();
    pause_.emplace();
  } catch (const base::Interrupted&) {
    pause_.emplace();
    abandon(*before, iteration - 1, seconds + lap());
    return false;
  }
  saved_ = false;
  counters().seconds += seconds + seconds_of_rest;
  if (reason) {
    roll_back(*reason);
    return true;
  }
  if (is_evaluated && !options_.evaluations.is_regular(iteration)) {
    counters().end_evaluation = iteration;
  }
  tell(seconds);
  if (iteration % options_.checkpoint_every == 0) save_checkpoint();
  return true;
}

bool TrainingLoop::is_time_up() const {
  const double used =
      options_.seconds_before + std::chrono::duration<double>(Clock::now() - start_).count();
  return options_.minutes > 0.0 && used >= 60.0 * options_.minutes;
}

void TrainingLoop::warn_of_time_limit() {
  const std::int64_t iteration = counters().iteration, made = iteration - first_iteration_;
  if (warned_of_time_limit_ || options_.minutes == 0.0 || made < kMeasuredIterations) return;
  const double used = std::chrono::duration<double>(Clock::now() - start_).count();
  const double limit = 60.0 * options_.minutes - options_.seconds_before;
  if (used < std::min(kMeasuredShare * limit, kMeasuredSeconds)) return;
  warned_of_time_limit_ = true;
  const double more = static_cast<double>(made) * (limit - used) / used;
  const double fitting = static_cast<double>(iteration) + more;
  if (fitting >= static_cast<double>(options_.schedule_end)) return;
  const std::string n = std::to_string(two_digits_of(static_cast<std::int64_t>(fitting)));
  observer_.on_warning("minutes = " + base::number_text(options_.minutes) +
                       ": is enough for about " + n + " of " + std::to_string(options_.iterations) +
                       " iterations, too few for the learning rate to fall to its end; "
                       "--iterations " +
                       n + " would fit");
}

TrainingLoop::End TrainingLoop::run(const std::atomic<int>& stop) {
  const base::FlushDenormals flush;
  pause_.emplace();
  start_ = lap_start_ = Clock::now();
  const double limit = 60.0 * options_.minutes - options_.seconds_before;
  if (options_.minutes > 0.0 && limit < kMaxSeconds && options_.evaluations.period == 0) {
    deadline_ =
        start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limit));
  }
  End end = End::kIterations;
  std::int64_t last = options_.iterations;
  learner_.prepare();
  first_iteration_ = counters().iteration;
  observer_.on_start(first_iteration_);
  while (counters().iteration < last) {
    if (stop != 0 || options_.is_end_requested()) {
      end = End::kSignal;
      break;
    }
    if (end != End::kMinutes && is_time_up()) {
      end = End::kMinutes;
      last = end_in_time();
      continue;  // which may be here
    }
    if (options_.take_save_request()) {
      if (!saved_) save_checkpoint();
      observer_.on_message("saved a checkpoint of iteration " +
                           std::to_string(counters().iteration) + ", as asked by SIGUSR1");
    }
    if (next(stop, last)) {
      warn_of_time_limit();
    } else if (stop != 0 || !is_time_up()) {
      end = End::kSignal;
      break;
    }
  }
  if (end == End::kMinutes && counters().iteration == options_.iterations) end = End::kIterations;
  if (saved_) {
    // One that ended in the midst of saving may have left some.
    remove_old_checkpoints();
  } else {
    save_checkpoint();
  }
  save_model(end == End::kIterations ? learner_.model() : learner_.model_at_stop());
  pause_.reset();
  return end;
}

std::int64_t TrainingLoop::end_in_time() const {
  const EvaluationSchedule& schedule = options_.evaluations;
  const std::int64_t now = counters().iteration;
  if (schedule.period == 0 || schedule.is_regular(now) || counters().end_evaluation == now) {
    return now;
  }
  return std::min(options_.iterations, now - now % schedule.log_every + schedule.log_every);
}

void TrainingLoop::save_model(const nets::SafetensorsFile& model) const {
  nets::write_safetensors(folder_.model(), model);
}

bool TrainingLoop::is_on_schedule(std::int64_t iteration) const {
  return iteration % options_.checkpoint_every == 0;
}

void TrainingLoop::save_checkpoint() {
  const std::int64_t now = counters().iteration;
  observer_.on_checkpoint();
  nets::write_checkpoint(folder_.checkpoints(), now, learner_.to_files(is_on_schedule(now)));
  saved_ = true;
  remove_old_checkpoints();
  observer_.on_saved(now);
}

void TrainingLoop::remove_old_checkpoints() {
  const std::int64_t now = counters().iteration, evaluated = counters().end_evaluation;
  // Kept are the last ones on schedule, as one made by a signal must not push them out; the newest
  // that a roll-back would return to, however many unhealthy ones came after it; and the one that
  // a longer run would go on from.
  auto old = nets::list_checkpoints(folder_.checkpoints());
  std::int64_t kept = 0;
  bool good_found = false;
  for (auto iteration = old.rbegin(); iteration != old.rend(); ++iteration) {
    const bool newest = *iteration == now;
    const bool counted = is_on_schedule(*iteration) && kept < options_.keep_checkpoints;
    const bool before_end = evaluated > 0 && *iteration == evaluated - 1;
    const bool good =
        !good_found &&
        is_good(nets::checkpoint_path(folder_.checkpoints(), *iteration) / "state.json");
    kept += counted;
    good_found |= good;
    if (!newest && !counted && !good && !before_end)
      nets::remove_checkpoint(folder_.checkpoints(), *iteration);
  }
}

void TrainingLoop::return_to_good_state() {
  const std::int64_t rollbacks = counters().rollbacks;
  const double seconds = counters().seconds;
  auto iterations = nets::list_checkpoints(folder_.checkpoints());
  bool found = false;
  while (!found && !iterations.empty()) {
    const auto folder = nets::checkpoint_path(folder_.checkpoints(), iterations.back());
    try {
      const auto files = nets::read_checkpoint(folder);
      if (is_good(folder / "state.json")) {
        learner_.restore(files, folder.string());
        found = true;
        break;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBadData) throw;
      observer_.on_warning(std::string(error.what()) + "; passed over");
    }
    nets::remove_checkpoint(folder_.checkpoints(), iterations.back());
    iterations.pop_back();
  }
  if (!found) learner_.start_afresh();
  counters().rollbacks = rollbacks;
  counters().seconds = seconds;
}

void TrainingLoop::roll_back(const std::string& reason) {
  const std::int64_t at = counters().iteration + 1;
  return_to_good_state();
  const std::int64_t iteration = counters().iteration;
  const std::string what = "diverged at iteration " + std::to_string(at) + ": " + reason;
  if (counters().rollbacks == kMaxRollbacks) {
    save_model(learner_.model());
    throw Error(ErrorCode::kDiverged,
                "training " + what + "; rolled back " + std::to_string(kMaxRollbacks) +
                    " times already; the model of iteration " + std::to_string(iteration) +
                    " is in " + folder_.model().string());
  }
  ++counters().rollbacks;
  learner_.prepare();
  char factor[32];
  std::snprintf(factor, sizeof factor, "1/%lld", 1LL << counters().rollbacks);
  observer_.on_warning(what + "; back to iteration " + std::to_string(iteration) +
                       " with new noise and " + factor + " of the learning rate");
  observer_.on_start(iteration);
}

}  // namespace ebm::training
