#include "report/tensorboard/event_histograms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <protozero/pbf_message.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/tensorboard/event_fields.h"
#include "report/tensorboard/event_record.h"
#include "report/tensorboard/tensorboard_writer.h"

namespace ebm::report {
namespace {

using Wire = protozero::pbf_wire_type;

/// More names no chart can show.
constexpr std::size_t kMaxNames = 100;
/// No event that training writes comes near; numbers of a chart must not overflow in a browser.
constexpr double kMaxEdge = 1e100;

/// A message of a file, whose fields may be of any type.
template <typename Field>
class EventMessage {
 public:
  explicit EventMessage(const protozero::data_view& bytes) : message_(bytes) {}

  bool next() { return message_.next(); }
  Field tag() const { return message_.tag(); }
  void skip() { message_.skip(); }

  // Each throws protozero::exception if the field is of another type.
  std::int64_t get_int64() {
    require(Wire::varint);
    return message_.get_int64();
  }
  double get_double() {
    require(Wire::fixed64);
    return message_.get_double();
  }
  protozero::data_view get_view() {
    require(Wire::length_delimited);
    return message_.get_view();
  }
  /// Numbers of a repeated field, packed or one by one.
  void append_doubles(std::vector<double>& values) {
    if (message_.wire_type() == Wire::fixed64) {
      values.push_back(message_.get_double());
      return;
    }
    require(Wire::length_delimited);
    for (const double value : message_.get_packed_double()) values.push_back(value);
  }

 private:
  void require(Wire type) const {
    if (message_.wire_type() != type) throw protozero::exception();
  }

  protozero::pbf_message<Field> message_;
};

bool is_drawable(const Histogram& histogram) {
  const auto in_range = [](double value) { return std::abs(value) <= kMaxEdge; };
  return !histogram.limits.empty() && histogram.limits.size() == histogram.counts.size() &&
         in_range(histogram.min) && in_range(histogram.max) && in_range(histogram.n) &&
         std::ranges::all_of(histogram.limits, in_range) &&
         std::ranges::all_of(histogram.counts, in_range) &&
         std::ranges::is_sorted(histogram.limits);
}

Histogram read_histogram(const protozero::data_view& bytes) {
  Histogram histogram;
  EventMessage<HistogramField> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case HistogramField::kMin:
        histogram.min = message.get_double();
        break;
      case HistogramField::kMax:
        histogram.max = message.get_double();
        break;
      case HistogramField::kNum:
        histogram.n = message.get_double();
        break;
      case HistogramField::kSum:
        histogram.sum = message.get_double();
        break;
      case HistogramField::kSumSquares:
        histogram.sum_squares = message.get_double();
        break;
      case HistogramField::kBucketLimit:
        message.append_doubles(histogram.limits);
        break;
      case HistogramField::kBucket:
        message.append_doubles(histogram.counts);
        break;
      default:
        message.skip();
    }
  }
  if (!is_drawable(histogram)) throw protozero::exception();
  return histogram;
}

/// What the events of all files say, in their order.
struct Entry {
  std::int64_t step = 0;
  bool starts = false;  ///< a session at this step, which voids what was written of later ones
  std::string name{};
  Histogram histogram{};
};

/// Takes the histogram of a value, if it is one.
void read_value(const protozero::data_view& bytes, std::int64_t step, std::vector<Entry>& entries) {
  protozero::data_view name, histogram;
  EventMessage<ValueField> value(bytes);
  while (value.next()) {
    if (value.tag() == ValueField::kTag) {
      name = value.get_view();
    } else if (value.tag() == ValueField::kHistogram) {
      histogram = value.get_view();
    } else {
      value.skip();
    }
  }
  if (histogram.empty()) return;
  entries.push_back({.step = step,
                     .name = std::string(name.data(), name.size()),
                     .histogram = read_histogram(histogram)});
}

void read_event(std::string_view bytes, std::vector<Entry>& entries) {
  std::int64_t step = 0;
  bool starts = false;
  protozero::data_view summary;
  EventMessage<EventField> event({bytes.data(), bytes.size()});
  while (event.next()) {
    if (event.tag() == EventField::kStep) {
      step = event.get_int64();
    } else if (event.tag() == EventField::kSummary) {
      summary = event.get_view();
    } else {
      starts = starts || event.tag() == EventField::kSessionLog;
      event.skip();
    }
  }
  if (starts) entries.push_back({.step = step, .starts = true});
  EventMessage<SummaryField> values(summary);
  while (values.next()) {
    if (values.tag() == SummaryField::kValue) {
      read_value(values.get_view(), step, entries);
    } else {
      values.skip();
    }
  }
}

/// Of each name and step the last histogram that no later session voids.
std::map<std::string, HistogramsByStep> valid_histograms(std::vector<Entry> entries) {
  std::map<std::string, HistogramsByStep> found;
  auto end = std::numeric_limits<std::int64_t>::max();
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->starts) {
      end = std::min(end, entry->step);
    } else if (entry->step < end) {
      found[entry->name].try_emplace(entry->step, std::move(entry->histogram));
    }
  }
  return found;
}

}  // namespace

std::map<std::string, HistogramsByStep> read_event_histograms(const std::filesystem::path& folder) {
  std::vector<Entry> entries;
  for (const auto& path : list_event_files(folder)) {
    const std::string content = base::read_file(path);
    for (const std::string_view record : read_event_records(content, path)) {
      try {
        read_event(record, entries);
      } catch (const protozero::exception&) {
        throw Error(ErrorCode::kBadData,
                    path.string() + ": holds a record that is no event of TensorBoard");
      }
    }
  }
  auto found = valid_histograms(std::move(entries));
  if (found.size() > kMaxNames) {
    throw Error(ErrorCode::kBadData, folder.string() + ": its event files have histograms of " +
                                         std::to_string(found.size()) +
                                         " names, expected at most " + std::to_string(kMaxNames));
  }
  return found;
}

}  // namespace ebm::report
