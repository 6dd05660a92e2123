#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x is the entries of x that are not hidden, in their order: inpainting.
/// @param is_hidden  [dim], 0 where an entry is observed
/// @throws Error(kUsage) if all entries are hidden
std::shared_ptr<const LinearOperator> mask_operator(std::span<const std::uint8_t> is_hidden);

}  // namespace ebm::samplers
