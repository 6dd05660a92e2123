#include "report/scaling_plot.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/error.h"
#include "report/line_charts.h"

namespace ebm::report {
namespace {

/// The points of equal names as lines over x, those of one point left out; lines stand in the order
/// in which they were measured.
std::vector<ChartLine> lines_of(const std::vector<ScalingPoint>& points,
                                const std::function<std::string(const ScalingPoint&)>& name,
                                const std::function<double(const ScalingPoint&)>& x) {
  std::vector<std::string> names;
  std::map<std::string, std::map<double, double>> rates;
  for (const ScalingPoint& point : points) {
    const auto [entry, is_new] = rates.try_emplace(name(point));
    if (is_new) names.push_back(entry->first);
    entry->second[x(point)] = point.rate;
  }
  std::vector<ChartLine> lines;
  for (const std::string& each : names) {
    if (rates[each].size() < 2) continue;
    ChartLine& line = lines.emplace_back();
    line.name = each;
    for (const auto& [place, rate] : rates[each]) {
      line.x.push_back(place);
      line.y.push_back(rate);
    }
  }
  return lines;
}

}  // namespace

PixelImage scaling_plot(const std::string& title, const std::vector<ScalingPoint>& points) {
  const auto of_threads = [](const ScalingPoint& p) {
    return p.what + ", " + std::to_string(p.n_threads) +
           (p.n_threads == 1 ? " thread" : " threads");
  };
  const auto of_chains = [](const ScalingPoint& p) {
    return p.what + ", " + std::to_string(p.n_chains) + (p.n_chains == 1 ? " chain" : " chains");
  };
  const char* rate = "chain-steps a second";
  std::vector<LineChart> charts{
      {"threads", rate,
       lines_of(points, of_chains, [](const ScalingPoint& p) { return p.n_threads; })},
      {"chains", rate, lines_of(points, of_threads, [](const ScalingPoint& p) {
         return static_cast<double>(p.n_chains);
       })}};
  std::erase_if(charts, [](const LineChart& chart) { return chart.lines.empty(); });
  if (charts.empty()) {
    throw Error(ErrorCode::kUsage,
                "plot: shows how rates grow with threads or chains; give two numbers of either, as "
                "--threads 1,2");
  }
  return line_charts(title, charts);
}

}  // namespace ebm::report
