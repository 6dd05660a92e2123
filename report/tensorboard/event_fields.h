#pragma once

#include <protozero/types.hpp>

namespace ebm::report {

// The numbers of the fields of TensorBoard's messages: tensorflow/core/util/event.proto and
// tensorflow/core/framework/{summary,histogram}.proto.

enum class EventField : protozero::pbf_tag_type {
  kWallTime = 1,
  kStep = 2,
  kFileVersion = 3,
  kSummary = 5,
  kSessionLog = 7,
};

enum class SessionLogField : protozero::pbf_tag_type { kStatus = 1 };
constexpr int kSessionStart = 1;

enum class SummaryField : protozero::pbf_tag_type { kValue = 1 };

enum class ValueField : protozero::pbf_tag_type {
  kTag = 1,
  kSimpleValue = 2,
  kImage = 4,
  kHistogram = 5,
};

enum class ImageField : protozero::pbf_tag_type {
  kHeight = 1,
  kWidth = 2,
  kColorspace = 3,
  kEncoded = 4,
};

enum class HistogramField : protozero::pbf_tag_type {
  kMin = 1,
  kMax = 2,
  kNum = 3,
  kSum = 4,
  kSumSquares = 5,
  kBucketLimit = 6,
  kBucket = 7,
};

}  // namespace ebm::report
