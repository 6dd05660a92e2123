#include "training/training_session.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <variant>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "samplers/simd/bf16_unit.h"
#include "training/run_folder.h"
#include "training/run_settings.h"
#include "training/train_display.h"

namespace ebm::training {
namespace {

double schedule_done(const LoopOptions& options, std::int64_t iteration) {
  if (options.schedule_end <= 0) return 1.0;
  return std::min(1.0, static_cast<double>(iteration) / static_cast<double>(options.schedule_end));
}

/// What multiplies in bfloat16, if the settings ask for that.
std::optional<std::string> bf16_unit_of(const ConfigTable& table) {
  for (const auto& key : table.keys()) {
    if (key.name != "precision") continue;
    if (std::get<std::string>(ConfigTable::present_value(key)) != "bf16") continue;
    return base::name_of<samplers::Bf16Unit>("unit", samplers::kBf16Units, samplers::bf16_unit());
  }
  return std::nullopt;
}

/// Tells two observers, the second if there is one.
class Both : public TrainObserver {
 public:
  Both(TrainObserver& first, TrainObserver* second) : first_(first), second_(second) {}

  void on_start(std::int64_t iteration) override {
    tell([&](auto& each) { each.on_start(iteration); });
  }
  void on_iteration(const TrainStats& stats) override {
    tell([&](auto& each) { each.on_iteration(stats); });
  }
  void on_log(const TrainStats& stats) override {
    tell([&](auto& each) { each.on_log(stats); });
  }
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    tell([&](auto& each) { each.on_energies(iteration, of_data, of_samples); });
  }
  void on_samples(std::int64_t iteration, const ShownSamples& samples) override {
    tell([&](auto& each) { each.on_samples(iteration, samples); });
  }
  void on_checkpoint() override {
    tell([](auto& each) { each.on_checkpoint(); });
  }
  void on_saved(std::int64_t iteration) override {
    tell([&](auto& each) { each.on_saved(iteration); });
  }
  void on_warning(const std::string& line) override {
    tell([&](auto& each) { each.on_warning(line); });
  }
  void on_message(const std::string& line) override {
    tell([&](auto& each) { each.on_message(line); });
  }

 private:
  template <class Event>
  void tell(const Event& event) {
    event(first_);
    if (second_ != nullptr) event(*second_);
  }

  TrainObserver& first_;
  TrainObserver* second_;
};

/// Goes on from the newest checkpoint.
/// @param versions  versions_toml() of the programs that train now
void resume(const TrainingSession& session, const RunFolder& folder, const std::string& versions,
            TrainingLoop& loop, TrainObserver& observer) {
  loop.resume();
  const std::int64_t made = session.learner.counters().iteration;
  const std::string run = session.folder.string();
  if (session.options.iterations < made) {
    throw Error(ErrorCode::kUsage, "iterations = " + std::to_string(session.options.iterations) +
                                       ": " + run + " has made " + std::to_string(made) +
                                       ", must be at least as many");
  }
  const auto warning = warning_of_versions(base::read_file(folder.config()), versions);
  if (warning) observer.on_warning(*warning);
  observer.on_message("resumed " + run + " from iteration " + std::to_string(made));
}

}  // namespace

TrainingResult train(const TrainingSession& session,
                     const std::function<const std::atomic<int>&()>& begin) {
  const RunFolder folder(session.folder);
  // Another process may have made a run there since the settings were read.
  if (!session.resume) require_no_run(folder.path());
  TrainDisplay display(folder, session.dataset,
                       {.iterations = session.options.iterations,
                        .log_every = session.options.log_every,
                        .minutes = session.options.minutes,
                        .seconds_before = session.options.seconds_before,
                        .columns = run_figures(session.learner, 0.0),
                        .is_shown = session.is_shown});
  Both observer(display, session.observer);
  TrainingLoop loop(session.options, folder, observer, session.learner);
  const auto reference =
      session.quality ? std::optional(session.quality->get().fingerprint()) : std::nullopt;
  const std::optional<std::string> unit = bf16_unit_of(session.table);
  const std::string versions = versions_toml({.program = session.program,
                                              .libtorch = session.libtorch,
                                              .bf16_unit = unit,
                                              .reference = reference});
  if (unit) observer.on_message("precision = bf16: products of bfloat16 by " + *unit);
  if (session.resume) resume(session, folder, versions, loop, observer);
  for (const auto& [name, text] : session.files) {
    base::write_file_atomically(folder.path() / name, text);
  }
  base::write_file_atomically(folder.config(), session.table.to_toml() + "\n" + versions);

  const TrainingLoop::End end = loop.run(begin());
  display.finish();
  const std::int64_t iteration = session.learner.counters().iteration;
  return {.end = end,
          .iteration = iteration,
          .n_iterations = session.options.iterations,
          .schedule_done = schedule_done(session.options, iteration),
          .folder = folder.path(),
          .model = folder.model(),
          .picture = display.last_picture(),
          .fd = display.newest_fd(),
          .bf16_unit = unit,
          .warnings = display.warnings()};
}

}  // namespace ebm::training
