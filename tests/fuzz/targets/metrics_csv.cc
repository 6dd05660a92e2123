#include "report/metrics_csv.h"

#include "base/error.h"
#include "report/page/metrics_table.h"
#include "report/page/page_data.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_metrics_csv(std::string_view bytes) {
  static const ScratchFolder folder;
  try {
    // As a run reads it that goes on with it.
    const report::MetricsCsv resumed(folder.write("metrics.csv", bytes), {"iteration", "loss"}, 7);
  } catch (const Error&) {
    // It is shown, whatever a run says to it.
  }
  report::charts_of(report::read_metrics(bytes, "metrics.csv"));
}

}  // namespace ebm::fuzz
