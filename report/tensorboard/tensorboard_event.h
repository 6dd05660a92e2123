#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "report/histogram.h"

namespace ebm::report {

/// When an event took place.
struct EventTime {
  double wall_time = 0;   ///< seconds since 1970
  std::int64_t step = 0;  ///< iterations made
};

/// A figure of an event.
struct NamedScalar {
  std::string name;
  double value = 0;
};

// Messages of TensorBoard's event files: `Event` of tensorflow/core/util/event.proto, with a
// `Summary` of tensorflow/core/framework/summary.proto in it, serialised.

/// The first one of every file.
std::string version_event(double wall_time);
/// A program goes on after `at.step` − 1: what was written of this step and later ones is void.
std::string restart_event(const EventTime& at);
std::string scalars_event(const EventTime& at, std::span<const NamedScalar> scalars);
/// @param png  a picture as a PNG file of 8 bits a channel
/// @throws Error(kBadData) if it is none.
std::string image_event(const EventTime& at, std::string_view name, std::string_view png);
std::string histogram_event(const EventTime& at, std::string_view name, const Histogram& histogram);

}  // namespace ebm::report
