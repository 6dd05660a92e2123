#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "training/divergence_guard.h"
#include "training/learner.h"

namespace ebm::training {

/// A model of one number, of which a test knows what training makes: iteration t adds t, or 1000·t
/// with the noise of the first roll-back, 2000·t with that of the second, and so on. It notes what
/// the loop asks of it.
class FakeLearner : public Learner {
 public:
  std::set<std::pair<std::int64_t, std::uint32_t>> diverges;  ///< iterations, with their generation
  std::set<std::int64_t> unhealthy;  ///< iterations at which the guard counts a bound passed
  std::set<std::int64_t> interrupted_evaluations;  ///< iterations whose evaluation sees the signal
  std::vector<std::int64_t> evaluated;             ///< iterations, the interrupted ones too
  /// Called in each iteration when the number has changed and the counter has not.
  std::function<void(std::int64_t iteration)> in_iteration = [](std::int64_t) {};
  std::function<void(std::int64_t iteration)> in_picture = [](std::int64_t) {};
  int n_remembered = 0;
  bool makes_files = false;  ///< of a state that is remembered
  int n_prepared = 0, n_started_afresh = 0;
  double x = 0.0;

  RunCounters& counters() override { return counters_; }
  const RunCounters& counters() const override { return counters_; }
  void prepare() override { ++n_prepared; }
  std::optional<std::string> iterate() override {
    const std::int64_t next = counters_.iteration + 1;
    if (diverges.contains({next, counters_.generation()})) return "the number is too large";
    const double factor =
        counters_.rollbacks == 0 ? 1.0 : 1000.0 * static_cast<double>(counters_.rollbacks);
    x += factor * static_cast<double>(next);
    in_iteration(next);
    counters_.iteration = next;
    guard_.restore({unhealthy.contains(next) ? 1 : 0, 0, 0});
    return std::nullopt;
  }
  Remembered remember() override {
    ++n_remembered;
    Remembered remembered{[this, counters = counters_, guard = guard_, value = x] {
      counters_ = counters;
      guard_ = guard;
      x = value;
    }};
    if (!makes_files) return remembered;
    remembered.files = [counters = counters_, guard = guard_, value = x](bool scheduled,
                                                                         double seconds) {
      RunCounters now = counters;
      now.seconds += seconds;
      return nets::UnwrittenFiles{{"state.json", state_json(now, guard, scheduled)},
                                  {"x.txt", std::to_string(value)}};
    };
    return remembered;
  }
  bool evaluate(const std::atomic<int>&, TrainObserver&) override {
    evaluated.push_back(counters_.iteration);
    return !interrupted_evaluations.contains(counters_.iteration);
  }

  std::vector<Figure> figures() const override { return {{"x", x}}; }
  Work work() const override { return {"additions_per_s", 2.0}; }
  void show_energies(TrainObserver& observer) const override {
    const std::vector<float> energies{static_cast<float>(x)};
    observer.on_energies(counters_.iteration, energies, energies);
  }
  void show_samples(TrainObserver& observer) const override {
    in_picture(counters_.iteration);
    const std::vector<float> row{static_cast<float>(x)};
    observer.on_samples(counters_.iteration, {.from = "noise", .rows = row});
  }

  nets::UnwrittenFiles to_files(bool scheduled) const override {
    return {{"state.json", state_json(counters_, guard_, scheduled)}, {"x.txt", std::to_string(x)}};
  }
  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    restore_state(files, origin, counters_, guard_);
    x = std::stod(nets::file_of(files, "x.txt", origin));
  }
  void start_afresh() override {
    ++n_started_afresh;
    counters_ = {};
    guard_.restore({});
    x = 0.0;
  }
  nets::SafetensorsFile model() const override {
    nets::SafetensorsFile file;
    const std::vector<float> values{static_cast<float>(x)};
    file.tensors.emplace("x", nets::TensorData::from_floats({1}, values));
    return file;
  }

 private:
  RunCounters counters_;
  DivergenceGuard guard_{GuardOptions{}};
};

/// Notes what a loop tells, and sets a signal at an iteration.
class FakeObserver : public TrainObserver {
 public:
  std::atomic<int> stop{0};
  std::int64_t stop_at = -1;
  std::vector<std::int64_t> starts, iterations, logged, energies, pictures;
  std::map<std::int64_t, double> x;  ///< the figure, by iteration
  std::vector<std::string> warnings, messages;

  void on_start(std::int64_t iteration) override { starts.push_back(iteration); }
  void on_iteration(const TrainStats& stats) override {
    iterations.push_back(stats.iteration);
    x[stats.iteration] = stats.value("x");
    if (stats.iteration == stop_at) stop = 2;
  }
  void on_log(const TrainStats& stats) override { logged.push_back(stats.iteration); }
  void on_energies(std::int64_t iteration, std::span<const float>,
                   std::span<const float>) override {
    energies.push_back(iteration);
  }
  void on_samples(std::int64_t iteration, const ShownSamples&) override {
    pictures.push_back(iteration);
  }
  void on_warning(const std::string& line) override { warnings.push_back(line); }
  void on_message(const std::string& line) override { messages.push_back(line); }
};

}  // namespace ebm::training
