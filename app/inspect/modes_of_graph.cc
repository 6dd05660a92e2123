#include "app/inspect/modes_of_graph.h"

#include <chrono>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "landscape/graph_file.h"
#include "landscape/module_text.h"
#include "landscape/module_tree.h"
#include "report/progress.h"

namespace ebm::app {
namespace {

constexpr std::size_t kLargeGraph = 100'000;  // links

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
    bar_->update(fraction, fields, fraction > 0.0 ? seconds * (1.0 - fraction) / fraction : -1.0);
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
  const auto n_nodes = static_cast<std::int64_t>(graph.names.size());
  const std::int64_t n_linked = landscape::put_linked_first(graph);
  const auto network = landscape::flow_network(n_linked, graph.links);
  const bool is_large = graph.links.size() > kLargeGraph;
  graph.links = {};  // the network has them
  LateProgress progress("search");
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::int64_t restarts = is_large ? 1 : landscape::SearchOptions{}.restarts;
  const landscape::SearchOptions options{.restarts = command.restarts.value_or(restarts),
                                         .seed = static_cast<std::uint64_t>(command.seed),
                                         .n_threads = resolve_threads(command.threads),
                                         .on_pass = [&] { progress.update(unknown); }};
  landscape::Hierarchy found =
      command.two_level ? landscape::two_levels(network, landscape::find_modules(network, options))
                        : landscape::find_hierarchy(network, options);
  const double one_level = landscape::one_level_codelength(network);
  if (command.json) {
    for (std::int64_t node = n_linked; node < n_nodes; ++node) {
      found.modules.push_back({.visits = 0.0, .exit = 0.0, .parts = {}, .nodes = {node}});
    }
    const nlohmann::json document{{"n_nodes", n_nodes},
                                  {"one_level_codelength", one_level},
                                  {"codelength", found.codelength},
                                  {"n_levels", found.n_levels},
                                  {"modules", landscape::modules_json(found.modules, graph.names)}};
    print_json(document);
    return;
  }
  print("codelength %.9f bits per step in %lld levels; %.9f in one", found.codelength,
        static_cast<long long>(found.n_levels), one_level);
  // A walk that never leaves its node needs no code.
  if (found.codelength > 0.0) {
    print(", %.2f %% more", 100.0 * (one_level / found.codelength - 1.0));
  }
  print("\n");
  std::fputs(landscape::modules_text(found.modules, graph.names).c_str(), stdout);
  if (n_linked < n_nodes) {
    std::printf("%lld nodes without links, each by itself\n",
                static_cast<long long>(n_nodes - n_linked));
  }
}

}  // namespace ebm::app
