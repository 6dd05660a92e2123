#include "app/read_data.h"

#include <unistd.h>

#include <chrono>
#include <memory>

#include "app/print.h"
#include "data/load_dataset.h"
#include "report/progress.h"

namespace ebm::app {

data::OnRead show_reading() {
  using Clock = std::chrono::steady_clock;
  constexpr double kQuietSeconds = 2.0;
  if (::isatty(STDERR_FILENO) == 0) return {};
  const auto bar = std::make_shared<report::Progress>("reading");
  return [bar, start = Clock::now()](double fraction) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (seconds < kQuietSeconds) return;
    const bool is_last = fraction >= 1.0;
    if (!is_last && !bar->is_due()) return;
    bar->update(fraction, {}, report::seconds_left(seconds, fraction));
    if (is_last) bar->finish();
  };
}

data::Dataset read_data(const std::string& spec) {
  data::Dataset dataset = data::load_dataset(spec, show_reading());
  print_warnings(dataset.warnings);
  return dataset;
}

}  // namespace ebm::app
