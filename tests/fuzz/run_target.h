#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

/// Processor time, of all threads, that a target may take for each megabyte begun. A second is
/// meant; machines may be slow, and sanitizers are.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
inline constexpr double kSecondsPerMegabyte = 20.0;
#else
inline constexpr double kSecondsPerMegabyte = 2.0;
#endif

/// Gives bytes to a target and says what is wrong with the outcome, or nothing. Right is to read
/// them, or an Error of another kind than kInternal whose message is one printable line of at most
/// 8 kB, with at most 64 MiB + 16 bytes of memory for each byte and in the time above.
std::optional<std::string> fault_of(const Target& target, std::string_view bytes);

}  // namespace ebm::fuzz
