#pragma once

#include <cstdint>
#include <string>

#include "base/names/choice.h"

namespace ebm::samplers {

/// A number that changes from `start` to `end` over n steps.
struct Schedule {
  enum class Shape { kConstant, kGeometric, kCosine };
  Shape shape = Shape::kConstant;
  double start = 1.0;
  double end = 1.0;  ///< not used by kConstant

  /// The value for step i of n: start at i = 0, end from i = n − 1 on.
  ///   constant   start
  ///   geometric  start·(end/start)^f, f = i/(n − 1)
  ///   cosine     end + (start − end)·(1 + cos πf)/2
  double at(std::uint64_t i, std::int64_t n) const;

  /// @param name  of the option, for messages
  /// @throws Error(kUsage) unless start and end are positive and of a size that floats have.
  void validate(const char* name) const;
};

inline constexpr base::Choice<Schedule::Shape> kScheduleShapes[] = {
    {"constant", Schedule::Shape::kConstant},
    {"geometric", Schedule::Shape::kGeometric},
    {"cosine", Schedule::Shape::kCosine}};

/// "geometric:10:1", "cosine:0.1:0.001" or "constant:0.01".
/// @param option  that has the text, for messages
/// @throws Error(kUsage) naming the option and the form; what validate() throws
Schedule parse_schedule(const std::string& option, const std::string& text);

}  // namespace ebm::samplers
