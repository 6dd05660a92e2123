#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x = M x for a matrix M without structure: compressed sensing.
/// @param matrix  M, [m, dim] row-major
/// @throws Error(kShape) if the values are not m·dim, Error(kUsage) if one is not finite or a size
///         not positive
std::shared_ptr<const LinearOperator> projection_operator(std::int64_t m, std::int64_t dim,
                                                          std::span<const float> matrix);

}  // namespace ebm::samplers
