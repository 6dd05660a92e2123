#include "app/show_progress.h"

#include <memory>
#include <vector>

#include "base/printed.h"
#include "base/stop_signal.h"
#include "report/progress.h"

namespace ebm::app {

evaluation::OnProgress show_progress(const ProgressOptions& options) {
  const auto bar = std::make_shared<report::Progress>(options.label);
  return [bar, options, &stop = base::catch_stop_signals()](const evaluation::Progress& now) {
    base::throw_if_stopped(stop);
    const bool is_last = now.fraction >= 1.0;
    if (now.seconds < options.quiet_seconds || (!is_last && !bar->is_due())) return;
    std::vector<report::ProgressField> fields;
    if (!now.phase.empty()) fields.push_back({options.phase_name, now.phase});
    if (now.chain_steps_per_s > 0.0) {
      fields.push_back({"chain-steps/s", base::printed("%.3g", now.chain_steps_per_s)});
    }
    const double seconds_left =
        now.fraction > 0.0 ? now.seconds * (1.0 - now.fraction) / now.fraction : -1.0;
    bar->update(now.fraction, fields, seconds_left);
    if (is_last) bar->finish();
  };
}

}  // namespace ebm::app
