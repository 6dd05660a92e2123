#include "report/tensorboard/event_histograms.h"

#include <protozero/pbf_message.hpp>
#include <string_view>

#include "base/atomic_file.h"
#include "base/error.h"
#include "report/tensorboard/event_fields.h"
#include "report/tensorboard/event_record.h"
#include "report/tensorboard/tensorboard_writer.h"

namespace ebm::report {
namespace {

using Histograms = std::map<std::string, HistogramsByStep>;

template <typename Field>
protozero::pbf_message<Field> message_of(const protozero::data_view& bytes) {
  return protozero::pbf_message<Field>(bytes);
}

Histogram read_histogram(const protozero::data_view& bytes) {
  Histogram histogram;
  auto message = message_of<HistogramField>(bytes);
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
        for (const double limit : message.get_packed_double()) histogram.limits.push_back(limit);
        break;
      case HistogramField::kBucket:
        for (const double count : message.get_packed_double()) histogram.counts.push_back(count);
        break;
      default:
        message.skip();
    }
  }
  if (histogram.limits.empty() || histogram.limits.size() != histogram.counts.size()) {
    throw protozero::exception();
  }
  return histogram;
}

/// Takes the histogram of a value, if it is one.
void read_value(const protozero::data_view& bytes, std::int64_t step, Histograms& found) {
  std::string name;
  protozero::data_view histogram;
  auto value = message_of<ValueField>(bytes);
  while (value.next()) {
    if (value.tag() == ValueField::kTag) {
      name = value.get_string();
    } else if (value.tag() == ValueField::kHistogram) {
      histogram = value.get_view();
    } else {
      value.skip();
    }
  }
  if (!histogram.empty()) found[name].insert_or_assign(step, read_histogram(histogram));
}

void read_event(std::string_view bytes, Histograms& found) {
  std::int64_t step = 0;
  bool starts = false;
  protozero::data_view summary;
  auto event = message_of<EventField>({bytes.data(), bytes.size()});
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
  if (starts) {
    for (auto& [name, steps] : found) steps.erase(steps.lower_bound(step), steps.end());
  }
  auto values = message_of<SummaryField>(summary);
  while (values.next(SummaryField::kValue)) read_value(values.get_view(), step, found);
}

}  // namespace

Histograms read_event_histograms(const std::filesystem::path& folder) {
  Histograms found;
  for (const auto& path : list_event_files(folder)) {
    const std::string content = base::read_file(path);
    for (const std::string_view record : read_event_records(content, path)) {
      try {
        read_event(record, found);
      } catch (const protozero::exception&) {
        throw Error(ErrorCode::kBadData,
                    path.string() + ": holds a record that is no event of TensorBoard");
      }
    }
  }
  return found;
}

}  // namespace ebm::report
