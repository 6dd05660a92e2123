#pragma once

#include <cstdint>

namespace ebm::samplers {

/// What operator new gave to all threads of this program since the object was made. LibTorch's
/// tensors do not use it.
class Allocations {
 public:
  /// One at a time.
  Allocations();
  std::int64_t count() const;
  std::int64_t bytes() const;
  std::int64_t largest() const;  ///< bytes
};

}  // namespace ebm::samplers
