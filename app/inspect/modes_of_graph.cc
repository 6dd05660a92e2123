#include "app/inspect/modes_of_graph.h"

#include <chrono>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "landscape/graph_modules.h"
#include "landscape/module_text.h"
#include "report/progress.h"

namespace ebm::app {
namespace {

/// Shows how far something is that takes more than two seconds.
class LateProgress {
 public:
  explicit LateProgress(const char* task) : task_(task) {}

  /// @param fraction  in [0, 1]; NaN if it is not known
  void update(double fraction) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    if (!bar_ && spent.count() < kQuietSeconds) return;
    if (!bar_) bar_.emplace(task_);
    if (!bar_->is_due()) return;
    const double seconds = spent.count();
    const std::vector<report::ProgressField> fields{{"time", report::format_duration(seconds)}};
    bar_->update(fraction, fields, report::seconds_left(seconds, fraction));
  }

 private:
  static constexpr double kQuietSeconds = 2.0;

  const char* task_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<report::Progress> bar_;
};

landscape::Graph read(const std::string& file) {
  LateProgress progress("read");
  return landscape::read_graph(file, [&](double fraction) { progress.update(fraction); });
}

}  // namespace

void run_modes_of_graph(const ModesOfGraph& command) {
  landscape::Graph graph = read(command.file);
  print_warnings(graph.warnings);
  LateProgress progress("search");
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const int n_threads = resolve_threads(command.threads);
  const landscape::GraphModules found = landscape::find_graph_modules(
      std::move(graph), {.restarts = command.restarts,
                         .two_level = command.two_level,
                         .seed = static_cast<std::uint64_t>(command.seed),
                         .n_threads = n_threads,
                         .on_pass = [&] { progress.update(unknown); }});
  if (command.json) return print_json(landscape::graph_modules_json(found));
  std::printf("%s", landscape::graph_modules_text(found).c_str());
}

}  // namespace ebm::app
