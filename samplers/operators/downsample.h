#pragma once

#include <cstdint>
#include <memory>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x is the means of blocks of factor x factor pixels, [channels, height / factor, width /
/// factor]: the small version of an image, by area average.
/// @throws Error(kUsage) unless the factor divides height and width and is above 1
std::shared_ptr<const LinearOperator> downsample_operator(const ImageShape& shape,
                                                          std::int64_t factor);

}  // namespace ebm::samplers
