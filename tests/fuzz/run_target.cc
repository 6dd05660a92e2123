#include "tests/fuzz/run_target.h"

#include <time.h>

#include <algorithm>
#include <exception>
#include <typeinfo>

#include "base/error.h"
#include "base/quote.h"
#include "tests/fuzz/allocation_meter.h"

namespace ebm::fuzz {
namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::optional<std::string> fault_of_error(const Error& error) {
  const std::string message = error.what();
  if (error.code() == ErrorCode::kInternal) return "an internal error: " + message;
  if (message.empty()) return "an error without a message";
  if (message.size() > 8192) {
    return "a message of " + std::to_string(message.size()) + " bytes: " + base::quote(message);
  }
  if (base::one_line(message) != message && message.size() < 2000) {
    return "a message that is not one printable line: " + base::quote(message);
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_reading(const Target& target, std::string_view bytes) {
  try {
    target.read(bytes);
    return std::nullopt;
  } catch (const Error& error) {
    return fault_of_error(error);
  } catch (const std::exception& error) {
    return std::string("an exception of another library, ") + typeid(error).name() + ": " +
           base::one_line(error.what());
  }
}

}  // namespace

std::optional<std::string> fault_of(const Target& target, std::string_view bytes) {
  const std::size_t memory = (std::size_t{64} << 20) + 16 * bytes.size();
  const double megabytes = std::max(1.0, static_cast<double>(bytes.size()) / 1e6);
  const double start = processor_seconds();
  std::size_t peak = 0;
  std::optional<std::string> fault;
  {
    const AllocationMeter meter(memory);
    fault = fault_of_reading(target, bytes);
    peak = meter.peak();
  }
  const double seconds = processor_seconds() - start;
  if (peak > memory) {
    return std::to_string(peak) + " bytes of memory for " + std::to_string(bytes.size()) +
           " bytes" + (fault ? ", then " + *fault : "");
  }
  if (!fault && seconds > kSecondsPerMegabyte * megabytes) {
    return std::to_string(seconds) + " s for " + std::to_string(bytes.size()) + " bytes";
  }
  return fault;
}

}  // namespace ebm::fuzz
