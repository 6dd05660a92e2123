#include "base/process_clock.h"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace ebm::base {
namespace {

using Clock = std::chrono::steady_clock;

/// Field 22 of /proc/self/stat is the start in ticks since the machine booted.
std::optional<double> age_of_process() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // The second field is a name in parentheses, which may contain anything.
  const auto end_of_name = text.rfind(')');
  timespec now{};
  const long ticks_per_second = ::sysconf(_SC_CLK_TCK);
  if (end_of_name == std::string::npos || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0 ||
      ticks_per_second <= 0) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(end_of_name + 1));
  std::string field;
  for (int i = 3; i < 22; ++i) fields >> field;
  double ticks = 0.0;
  if (!(fields >> ticks)) return std::nullopt;
  const double age = static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
                     ticks / static_cast<double>(ticks_per_second);
  // A container may have a clock of its own.
  if (age < 0.0) return std::nullopt;
  return age;
}

}  // namespace

double seconds_since_process_start() {
  static const Clock::time_point kFirstCall = Clock::now();
  static const double kAgeThen = age_of_process().value_or(0.0);
  return kAgeThen + std::chrono::duration<double>(Clock::now() - kFirstCall).count();
}

}  // namespace ebm::base
