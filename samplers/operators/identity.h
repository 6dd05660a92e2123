#pragma once

#include <cstdint>
#include <memory>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x = x: a state of which a noisy version is known.
/// @throws Error(kUsage) unless dim is positive
std::shared_ptr<const LinearOperator> identity_operator(std::int64_t dim);

}  // namespace ebm::samplers
