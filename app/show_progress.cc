#include "app/show_progress.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/printed.h"
#include "base/quote.h"
#include "base/stop_signal.h"
#include "report/progress.h"

namespace ebm::app {
namespace {

using evaluation::Task;

/// The bar of the task that runs.
struct TaskBar {
  Task task = Task::kSample;
  std::optional<report::Progress> bar;
};

/// Features of a small network take no time that is worth a bar.
double quiet_seconds(const evaluation::Progress& now) {
  return now.task == Task::kFeatures ? 3.0 : 0.0;
}

void show(const evaluation::Progress& now, TaskBar& shown) {
  if (now.seconds < quiet_seconds(now)) return;
  if (!shown.bar || shown.task != now.task) {
    shown.task = now.task;
    shown.bar.emplace(base::name_of("task", evaluation::kTasks, now.task));
  }
  const bool is_last = now.fraction >= 1.0;
  if (!is_last && !shown.bar->is_due()) return;
  std::vector<report::ProgressField> fields;
  if (!now.phase.empty()) {
    fields.push_back({now.task == Task::kFeatures ? "of" : "phase", base::one_line(now.phase)});
  }
  if (now.chain_steps_per_s > 0.0) {
    fields.push_back({"chain-steps/s", base::printed("%.3g", now.chain_steps_per_s)});
  }
  shown.bar->update(now.fraction, fields, report::seconds_left(now.seconds, now.fraction));
  if (is_last) shown.bar->finish();
}

}  // namespace

evaluation::OnProgress show_progress() {
  const auto shown = std::make_shared<TaskBar>();
  return [shown, &stop = base::catch_stop_signals()](const evaluation::Progress& now) {
    base::throw_if_stopped(stop);
    show(now, *shown);
  };
}

}  // namespace ebm::app
