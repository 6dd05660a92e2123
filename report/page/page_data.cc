#include "report/page/page_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "report/page/curve.h"
#include "report/page/figure_names.h"
#include "report/page/html_text.h"

namespace ebm::report {
namespace {

using PageJson = nlohmann::json;

constexpr std::int64_t kMaxPoints = 2000;  // of a curve: more than a screen has columns
constexpr std::size_t kMaxHistograms = 60;

bool has_value(const MetricsTable& metrics, std::string_view name) {
  const auto* column = metrics.find(name);
  return column != nullptr &&
         std::ranges::any_of(column->values, [](double value) { return std::isfinite(value); });
}

PageJson series_of(const MetricsTable& metrics, const std::string& name) {
  const auto curve = make_curve(metrics.iterations, metrics.find(name)->values, kMaxPoints);
  return {{"name", name}, {"x", curve.iterations}, {"y", curve.values}};
}

/// The buckets as a density, whose area is 1. A bucket without width is drawn with a small one.
PageJson series_of(const std::string& name, const Histogram& histogram) {
  std::vector<double> edges{histogram.min}, densities;
  for (std::size_t i = 0; i < histogram.limits.size(); ++i) {
    const double smallest = 1e-6 * std::max(1.0, std::abs(histogram.max));
    const double width = std::max(histogram.limits[i] - edges.back(), smallest);
    densities.push_back(histogram.counts[i] / (std::max(histogram.n, 1.0) * width));
    edges.push_back(edges.back() + width);
  }
  return {{"name", name}, {"edges", edges}, {"densities", densities}};
}

PageJson histograms_of(const RunRecord& run) {
  std::set<std::int64_t> all;
  for (const auto& [name, steps] : run.histograms) {
    for (const auto& [step, histogram] : steps) all.insert(step);
  }
  const std::vector<std::int64_t> steps(all.begin(), all.end());
  PageJson chosen = PageJson::array();
  for (const std::size_t i : evenly_chosen(steps.size(), kMaxHistograms)) {
    PageJson series = PageJson::array();
    for (const auto& [name, by_step] : run.histograms) {
      const auto found = by_step.find(steps[i]);
      if (found != by_step.end()) series.push_back(series_of(name, found->second));
    }
    chosen.push_back({{"iteration", steps[i]}, {"series", series}});
  }
  return chosen;
}

/// One point per step; NaN becomes null.
PageJson long_run_of(const Evaluation& evaluation) {
  PageJson series = PageJson::array();
  for (const auto& each : evaluation.long_run) {
    series.push_back({{"name", each.name}, {"y", each.values}});
  }
  return {{"steps", evaluation.long_run_steps}, {"series", series}};
}

/// Densities, whose area is 1.
PageJson energies_of(const Evaluation& evaluation) {
  PageJson sets = PageJson::array();
  for (const auto& each : evaluation.energies) {
    const double total = std::accumulate(each.counts.begin(), each.counts.end(), 0.0);
    std::vector<double> densities;
    for (std::size_t i = 0; i < each.counts.size(); ++i) {
      densities.push_back(each.counts[i] / total / (each.edges[i + 1] - each.edges[i]));
    }
    sets.push_back({{"name", each.name}, {"edges", each.edges}, {"densities", densities}});
  }
  return sets;
}

/// "Gradient norm", "Age of replay chains, steps"
std::string title_of_column(const std::string& column) {
  const FigureName* known = find_figure_name(column);
  const bool has_unit = known != nullptr && !known->unit.empty();
  return figure_title(column) + (has_unit ? ", " + std::string(known->unit) : "");
}

}  // namespace

std::vector<Chart> charts_of(const MetricsTable& metrics) {
  const std::array<Chart, 5> first{{{"Energies", {"energy_data", "energy_samples"}},
                                    {"Energy gap", {"energy_gap"}},
                                    {"Loss", {"loss", "generator_loss"}},
                                    {"Gradient norm", {"grad_norm", "generator_grad_norm"}},
                                    {"Fréchet distance of features", {"fd", "fd_buffer"}}}};
  std::set<std::string> done{"seconds", "rollbacks", "chain_steps_per_s", "images_per_s"};
  std::vector<Chart> charts;
  const auto add = [&](Chart chart) {
    std::erase_if(chart.columns, [&](const auto& name) { return !has_value(metrics, name); });
    if (!chart.columns.empty()) charts.push_back(std::move(chart));
  };
  for (const Chart& chart : first) {
    done.insert(chart.columns.begin(), chart.columns.end());
    add(chart);
  }
  for (const auto& column : metrics.columns) {
    if (!done.insert(column.name).second) continue;
    const auto of_class = column_of_class(column.name);
    Chart chart{title_of_column(of_class ? of_class->figure : column.name), {column.name}};
    for (const auto& other : metrics.columns) {
      const auto same = column_of_class(other.name);
      if (!of_class || !same || same->figure != of_class->figure) continue;
      if (done.insert(other.name).second) chart.columns.push_back(other.name);
    }
    add(std::move(chart));
  }
  return charts;
}

std::string page_data(const RunRecord& run) {
  PageJson charts = PageJson::array();
  for (const Chart& chart : charts_of(run.metrics)) {
    PageJson series = PageJson::array();
    for (const auto& name : chart.columns) series.push_back(series_of(run.metrics, name));
    charts.push_back({{"title", chart.title}, {"series", series}});
  }
  PageJson samples = PageJson::array();
  for (const auto& each : run.samples) {
    PageJson pictures = PageJson::object();
    for (const auto& [kind, png] : each.png_of) pictures[kind] = png_data_uri(png);
    samples.push_back({{"iteration", each.iteration}, {"pictures", pictures}});
  }
  const PageJson document{{"charts", charts},
                          {"samples", samples},
                          {"histograms", histograms_of(run)},
                          {"long_run", long_run_of(run.evaluation)},
                          {"energies", energies_of(run.evaluation)}};
  // Names come from files, and may be anything.
  return document.dump(-1, ' ', false, PageJson::error_handler_t::replace);
}

}  // namespace ebm::report
