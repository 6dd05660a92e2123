#include "app/logz_run.h"

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "base/stop_signal.h"
#include "report/progress.h"

namespace ebm::app {
namespace {

/// Shows how far a stage is and stops it at a signal.
class Stage {
 public:
  Stage(report::Progress& progress, const std::atomic<int>& stop, std::string name)
      : progress_(progress), stop_(stop), fields_{{"stage", std::move(name)}} {}
  bool operator()(double fraction) const {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    progress_.update(fraction, fields_,
                     fraction > 0.0 ? seconds * (1.0 - fraction) / fraction : -1.0);
    return stop_ == 0;
  }

 private:
  report::Progress& progress_;
  const std::atomic<int>& stop_;
  std::vector<report::ProgressField> fields_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

LogZRun run_logz(std::shared_ptr<const samplers::Energy> energy,
                 const samplers::AnnealedImportanceOptions& options, std::int64_t n,
                 std::span<const float> target_rows) {
  samplers::AnnealedImportance ais(std::move(energy), options);
  const std::atomic<int>& stop = base::catch_stop_signals();
  report::Progress progress("logz");
  const auto stopped = [&stop] {
    LogZRun run;
    run.stopped_by = stop;
    return run;
  };
  if (!ais.tune(Stage(progress, stop, "pilot"))) return stopped();
  LogZRun run;
  // Samples that do not fit must not cost the forward run.
  if (!target_rows.empty()) {
    run.estimates.reverse = ais.reverse(target_rows, Stage(progress, stop, "reverse"));
    if (!run.estimates.reverse) return stopped();
  }
  auto forward = ais.forward(n, Stage(progress, stop, "forward"));
  if (!forward) return stopped();
  run.estimates.forward = std::move(*forward);
  run.step_sizes = ais.step_sizes();
  run.log_z_base = ais.log_z_base();
  return run;
}

}  // namespace ebm::app
