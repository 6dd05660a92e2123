#include "samplers/kernels/schedule.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {

double Schedule::at(std::uint64_t i, std::int64_t n) const {
  if (shape == Shape::kConstant || n < 2) return start;
  const double f = std::min(1.0, static_cast<double>(i) / static_cast<double>(n - 1));
  if (shape == Shape::kGeometric) return start * std::pow(end / start, f);
  return end + 0.5 * (start - end) * (1.0 + std::cos(std::numbers::pi * f));
}

void Schedule::validate(const char* name) const {
  for (const double value : {start, shape == Shape::kConstant ? start : end}) {
    base::require_positive(name, value);
    base::to_float(name, value);  // throws if it is computed as 0
  }
}

Schedule parse_schedule(const std::string& option, const std::string& text) {
  const auto refuse = [&] {
    throw Error(ErrorCode::kUsage, option + " = " + text +
                                       ": must be SHAPE:FROM:TO with SHAPE geometric or cosine, as "
                                       "geometric:10:1, or constant:VALUE");
  };
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto shape =
      std::ranges::find(kScheduleShapes, parts[0], &base::Choice<Schedule::Shape>::name);
  if (shape == std::end(kScheduleShapes)) refuse();
  if (parts.size() != (shape->value == Schedule::Shape::kConstant ? 2 : 3)) refuse();
  const auto number = [&](const std::string& part) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size()) refuse();
    return value;
  };
  const Schedule schedule{
      .shape = shape->value, .start = number(parts[1]), .end = number(parts.back())};
  schedule.validate(option.c_str());
  return schedule;
}

}  // namespace ebm::samplers
