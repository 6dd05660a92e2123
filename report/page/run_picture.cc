#include "report/page/run_picture.h"

#include "base/atomic_file.h"
#include "base/path_kind.h"
#include "report/page/metrics_table.h"
#include "report/tensorboard/tensorboard_writer.h"

namespace ebm::report {

bool add_run_picture(const std::filesystem::path& folder, std::string_view name,
                     std::string_view png) {
  const std::filesystem::path run = folder.empty() ? "." : folder;
  const std::filesystem::path metrics = run / "metrics.csv";
  if (!base::is_file(metrics)) return false;
  const auto iterations = read_metrics(base::read_file(metrics), metrics).iterations;
  TensorboardWriter(run).write_image(iterations.empty() ? 0 : iterations.back(), name, png);
  return true;
}

}  // namespace ebm::report
