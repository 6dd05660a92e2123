#include "data/describe.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"

namespace ebm::data {
namespace {

template <class Value>
ValueRange range_of(const std::vector<Value>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const Value value : values) sum += static_cast<double>(value);
  const double mean = sum / n;
  // A second pass, as the difference of large sums would lose the digits of a small sd.
  for (const Value value : values) {
    const double deviation = static_cast<double>(value) - mean;
    squares += deviation * deviation;
  }
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return {.min = static_cast<double>(*least),
          .max = static_cast<double>(*most),
          .mean = mean,
          .sd = std::sqrt(squares / n)};
}

std::vector<ClassCount> count_classes(const Dataset& dataset) {
  if (dataset.labels.empty()) return {};
  std::map<std::int32_t, std::int64_t> counts;
  const auto n_names = static_cast<std::int32_t>(dataset.class_names.size());
  for (std::int32_t label = 0; label < n_names; ++label) counts[label] = 0;
  for (const std::int32_t label : dataset.labels) ++counts[label];
  std::vector<ClassCount> classes;
  for (const auto& [label, n] : counts) {
    const bool named = label >= 0 && label < n_names;
    classes.push_back({.label = label,
                       .name = named ? dataset.class_names[static_cast<std::size_t>(label)] : "",
                       .n = n});
  }
  return classes;
}

}  // namespace

DatasetSummary describe(const Dataset& dataset) {
  const bool empty = std::visit([](const auto& values) { return values.empty(); }, dataset.values);
  if (empty) {
    throw Error(ErrorCode::kShape,
                "data set '" + dataset.name + "': found no values, expected at least one item");
  }
  DatasetSummary summary{.name = dataset.name,
                         .n = dataset.n,
                         .shape = dataset.shape,
                         .kind = dataset.is_bytes() ? "uint8" : "float32",
                         .is_image = dataset.is_image,
                         .stored = {},
                         .scaled = {},
                         .classes = count_classes(dataset)};
  summary.stored = std::visit([](const auto& values) { return range_of(values); }, dataset.values);
  summary.scaled = summary.stored;
  if (dataset.is_bytes()) {
    const ValueRange& stored = summary.stored;
    summary.scaled = {.min = stored.min / 127.5 - 1,
                      .max = stored.max / 127.5 - 1,
                      .mean = stored.mean / 127.5 - 1,
                      .sd = stored.sd / 127.5};
  }
  return summary;
}

}  // namespace ebm::data
