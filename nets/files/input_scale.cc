#include "nets/files/input_scale.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::nets {
namespace {

/// One value, or one for each channel.
void require_per_channel(const char* name, const std::vector<double>& values, const Shape& input) {
  const auto n = static_cast<std::int64_t>(values.size());
  if (n <= 1 || n == input.channels) return;
  throw Error(ErrorCode::kUsage, std::string(name) + ": has " + std::to_string(n) +
                                     " values, must have 1, or " + std::to_string(input.channels) +
                                     " for the channels of " + to_string(input));
}

/// That of channel i.
double value_at(const std::vector<double>& values, std::size_t i, double otherwise) {
  return values.empty() ? otherwise : values[std::min(i, values.size() - 1)];
}

}  // namespace

bool InputScale::is_identity() const {
  const auto all = [](const std::vector<double>& values, double value) {
    return std::all_of(values.begin(), values.end(), [&](double each) { return each == value; });
  };
  return all(scale, 1.0) && all(shift, 0.0);
}

InputScale scale_of(const Normalization& normalization, const Shape& input) {
  const auto& [range, mean, sd] = normalization;
  if (range.empty() && mean.empty() && sd.empty()) return {};
  if (input.height == 1 && input.width == 1) {
    throw Error(ErrorCode::kUsage, "range, mean and std are for images; points of " +
                                       to_string(input) + " are taken as they are");
  }
  require_per_channel("mean", mean, input);
  require_per_channel("std", sd, input);
  if (!range.empty()) base::require_size("range", range.size(), 2, "LOW and HIGH");
  const double low = value_at(range, 0, -1.0), high = value_at(range, 1, 1.0);
  base::require_finite("range", low);
  base::require_finite("range", high);
  if (!(low < high)) throw Error(ErrorCode::kUsage, "range: LOW must be below HIGH");
  InputScale made{.scale = {}, .shift = {}};
  for (std::size_t i = 0; i < std::max({mean.size(), sd.size(), std::size_t{1}}); ++i) {
    const double mean_i = value_at(mean, i, 0.0), sd_i = value_at(sd, i, 1.0);
    base::require_finite("mean", mean_i);
    base::require_positive("std", sd_i);
    const double scale = (high - low) / 2.0 / sd_i, shift = ((low + high) / 2.0 - mean_i) / sd_i;
    base::to_float("scale of range and std", scale);  // throws if it has no such size
    base::to_float("shift of range, mean and std", shift);
    made.scale.push_back(scale);
    made.shift.push_back(shift);
  }
  return made;
}

}  // namespace ebm::nets
