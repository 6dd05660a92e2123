#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/system/cgroup.h"

namespace ebm::base {

/// Memory that this process can still take.
struct AvailableMemory {
  double bytes = std::numeric_limits<double>::infinity();
  std::string limited_by;  ///< "this machine", "the control group" or "ulimit -v"
};

/// The least of: memory and swap that the machine has free (MemAvailable and SwapFree of
/// /proc/meminfo); for each control group (version 1 or 2) its limit less its use, of which files
/// that are cached and not in use do not count; the address space that `ulimit -v` leaves.
/// @param address_space  the limit of the address space; nothing if there is none
AvailableMemory available_memory(const ReadText& read, std::optional<double> address_space);
AvailableMemory available_memory();

/// What a command is going to hold in memory at once: fixed + value·each bytes.
struct MemoryNeed {
  std::string option;  ///< that decides: "n"; empty if nobody gave it, as the size of a file
  std::int64_t value;  ///< that it has
  std::string what;    ///< "states of dim 784"
  double each;         ///< bytes of each
  double fixed = 0.0;  ///< bytes of all else
};

/// "n = 1000000000: that many states of dim 784 do not fit in memory: needs 16 TB, this machine
/// leaves 12 GB, enough for 760000"; without an option "1000000000 states of dim 784 do not fit in
/// memory: ..."; empty if they fit.
std::string memory_shortage(const MemoryNeed& need, const AvailableMemory& available);

/// @throws Error(kUsage) with that line, unless it fits. To be called before hours of work, with no
///         more than what will be needed for sure.
void require_memory(const MemoryNeed& need);

/// @param what  what takes `n_bytes` of address space when it is loaded
/// @throws Error(kUsage) if `ulimit -v` allows less
void require_address_space(double n_bytes, const std::string& what);

/// "12 GB", in powers of 1000, to two digits.
std::string byte_text(double n_bytes);

}  // namespace ebm::base
