#pragma once

#include <cstdint>

namespace ebm::nets {

/// An offset inside one block of a plan, whose workspace is far below 2³¹ numbers.
inline std::int32_t narrow(std::int64_t value) { return static_cast<std::int32_t>(value); }

}  // namespace ebm::nets
