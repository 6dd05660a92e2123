#pragma once

#include <cstddef>

namespace ebm::fuzz {

/// Measures how much more memory the process has allocated at once than when the meter was made:
/// by malloc or new, in any library. One meter at a time. Without sanitizers, an allocation beyond
/// the limit fails, as it would where memory is short.
class AllocationMeter {
 public:
  explicit AllocationMeter(std::size_t limit);
  ~AllocationMeter();
  AllocationMeter(const AllocationMeter&) = delete;
  AllocationMeter& operator=(const AllocationMeter&) = delete;

  /// The most bytes so far, with those that were refused.
  std::size_t peak() const;
};

}  // namespace ebm::fuzz
