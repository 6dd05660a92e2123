#include "report/tensorboard/tensorboard_event.h"

#include <protozero/pbf_builder.hpp>

#include "base/error.h"
#include "report/tensorboard/event_fields.h"

namespace ebm::report {
namespace {

using EventBuilder = protozero::pbf_builder<EventField>;
using SummaryBuilder = protozero::pbf_builder<SummaryField>;
using ValueBuilder = protozero::pbf_builder<ValueField>;

/// A number of four bytes in a PNG, which are big-endian.
std::int32_t png_number(std::string_view png, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8) | static_cast<unsigned char>(png[offset + i]);
  }
  return static_cast<std::int32_t>(value);
}

void write_time(EventBuilder& event, const EventTime& at) {
  event.add_double(EventField::kWallTime, at.wall_time);
  event.add_int64(EventField::kStep, at.step);
}

/// An event whose summary `write` fills.
template <typename Write>
std::string summary_event(const EventTime& at, const Write& write) {
  std::string bytes;
  // A message is complete when its builder is gone, which has to be before the return.
  {
    EventBuilder event(bytes);
    write_time(event, at);
    SummaryBuilder summary(event, EventField::kSummary);
    write(summary);
  }
  return bytes;
}

}  // namespace

std::string version_event(double wall_time) {
  std::string bytes;
  EventBuilder event(bytes);
  event.add_double(EventField::kWallTime, wall_time);
  event.add_string(EventField::kFileVersion, "brain.Event:2");
  return bytes;
}

std::string restart_event(const EventTime& at) {
  std::string log;
  protozero::pbf_builder<SessionLogField>(log).add_enum(SessionLogField::kStatus, kSessionStart);
  std::string bytes;
  EventBuilder event(bytes);
  write_time(event, at);
  event.add_message(EventField::kSessionLog, log);
  return bytes;
}

std::string scalars_event(const EventTime& at, std::span<const NamedScalar> scalars) {
  return summary_event(at, [&](SummaryBuilder& summary) {
    for (const NamedScalar& scalar : scalars) {
      ValueBuilder value(summary, SummaryField::kValue);
      value.add_string(ValueField::kTag, scalar.name);
      value.add_float(ValueField::kSimpleValue, static_cast<float>(scalar.value));
    }
  });
}

std::string image_event(const EventTime& at, std::string_view name, std::string_view png) {
  constexpr std::size_t kWidthAt = 16, kHeightAt = 20, kColorTypeAt = 25;
  constexpr char kGrey = 0;
  if (!png.starts_with("\x89PNG\r\n\x1a\n") || png.size() <= kColorTypeAt) {
    throw Error(ErrorCode::kBadData, "the picture '" + std::string(name) + "' is no PNG");
  }
  return summary_event(at, [&](SummaryBuilder& summary) {
    ValueBuilder value(summary, SummaryField::kValue);
    value.add_string(ValueField::kTag, name.data(), name.size());
    protozero::pbf_builder<ImageField> image(value, ValueField::kImage);
    image.add_int32(ImageField::kHeight, png_number(png, kHeightAt));
    image.add_int32(ImageField::kWidth, png_number(png, kWidthAt));
    image.add_int32(ImageField::kColorspace, png[kColorTypeAt] == kGrey ? 1 : 3);
    image.add_bytes(ImageField::kEncoded, png.data(), png.size());
  });
}

std::string histogram_event(const EventTime& at, std::string_view name,
                            const Histogram& histogram) {
  return summary_event(at, [&](SummaryBuilder& summary) {
    ValueBuilder value(summary, SummaryField::kValue);
    value.add_string(ValueField::kTag, name.data(), name.size());
    protozero::pbf_builder<HistogramField> message(value, ValueField::kHistogram);
    message.add_double(HistogramField::kMin, histogram.min);
    message.add_double(HistogramField::kMax, histogram.max);
    message.add_double(HistogramField::kNum, histogram.n);
    message.add_double(HistogramField::kSum, histogram.sum);
    message.add_double(HistogramField::kSumSquares, histogram.sum_squares);
    message.add_packed_double(HistogramField::kBucketLimit, histogram.limits.begin(),
                              histogram.limits.end());
    message.add_packed_double(HistogramField::kBucket, histogram.counts.begin(),
                              histogram.counts.end());
  });
}

}  // namespace ebm::report
