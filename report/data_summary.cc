#include "report/data_summary.h"

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::report {
namespace {

using base::printed;

/// The least and the largest are values of the data, of which float32 is the widest type.
nlohmann::json range_json(const data::ValueRange& range) {
  return {{"min", base::plain_double(static_cast<float>(range.min))},
          {"max", base::plain_double(static_cast<float>(range.max))},
          {"mean", range.mean},
          {"sd", range.sd}};
}

std::string range_line(const char* name, const data::ValueRange& range) {
  return printed("%-8s min %.6g  max %.6g  mean %.6g  sd %.6g\n", name, range.min, range.max,
                 range.mean, range.sd);
}

}  // namespace

nlohmann::json data_summary_json(const data::DatasetSummary& summary) {
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& each : summary.classes) {
    classes.push_back({{"label", each.label}, {"name", each.name}, {"n", each.n}});
  }
  return {{"name", summary.name},
          {"n", summary.n},
          {"shape", {summary.shape.channels, summary.shape.height, summary.shape.width}},
          {"kind", summary.kind},
          {"is_image", summary.is_image},
          {"stored", range_json(summary.stored)},
          {"scaled", range_json(summary.scaled)},
          {"classes", classes}};
}

std::string data_summary_text(const data::DatasetSummary& summary) {
  std::string text = printed("%-8s %s\n", "data", summary.name) +
                     printed("%-8s %lld\n", "items", static_cast<long long>(summary.n)) +
                     printed("%-8s %lld x %lld x %lld (%s)\n", "shape",
                             static_cast<long long>(summary.shape.channels),
                             static_cast<long long>(summary.shape.height),
                             static_cast<long long>(summary.shape.width), summary.kind) +
                     range_line("stored", summary.stored) + range_line("scaled", summary.scaled) +
                     printed("%-8s %zu\n", "classes", summary.classes.size());
  for (const auto& each : summary.classes) {
    text += printed("  %4d %8lld  %s\n", each.label, static_cast<long long>(each.n), each.name);
  }
  return text;
}

}  // namespace ebm::report
