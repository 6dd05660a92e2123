#include "app/bench/outputs.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.h"
#include "base/atomic_file.h"
#include "report/png.h"
#include "report/scaling_plot.h"

namespace ebm::app {
namespace {

/// What a case or a row ran, and how fast.
template <class Run>
report::ScalingPoint point_of(const Run& run, const std::string& energy, double rate) {
  std::string what = energy + ", " + samplers::sampler_name(run.sampler);
  if (run.backend != samplers::BenchBackend::kAnalytic) {
    what += std::string(", ") + base::name_of("backend", samplers::kBenchBackends, run.backend) +
            ", " + run.precision;
  }
  what += ", " + std::to_string(run.n_steps) + " steps";
  return {std::move(what), run.n_threads, run.n_chains, rate};
}

}  // namespace

void show_result(const BenchOptions& options, const ResultTexts& texts) {
  const auto text_of = [&](BenchFormat format) {
    if (format == BenchFormat::kJson) return json_text(texts.json()) + "\n";
    return format == BenchFormat::kCsv ? texts.csv() : texts.table();
  };
  if (!options.out.empty()) {
    const bool is_csv = options.out.ends_with(".csv");
    base::write_file_atomically(options.out,
                                text_of(is_csv ? BenchFormat::kCsv : BenchFormat::kJson));
  }
  std::printf("%s", text_of(options.stdout_format()).c_str());
}

void require_plot(const std::vector<samplers::BenchCase>& cases) {
  std::vector<report::ScalingPoint> points;
  for (const auto& each : cases) points.push_back(point_of(each, each.energy_name, 1.0));
  report::scaling_plot("", points);
}

void write_plot(const std::string& file, const samplers::Machine& machine,
                const std::vector<samplers::BenchRow>& rows) {
  std::vector<report::ScalingPoint> points;
  for (const auto& row : rows) points.push_back(point_of(row, row.energy, row.chain_steps_per_s));
  report::write_png(file, report::scaling_plot(machine.cpu + ", " + machine.simd, points));
}

}  // namespace ebm::app
