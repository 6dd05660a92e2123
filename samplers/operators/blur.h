#pragma once

#include <memory>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// A x is x under a Gaussian of standard deviation sd, in pixels, along columns and then along
/// rows: weights exp(−k²/(2sd²)) for |k| <= ⌈4·sd⌉, normalised; edge pixels continue beyond the
/// edge, so that a constant image stays as it is.
/// @throws Error(kUsage) unless sd is positive and at most a quarter of the longer side
std::shared_ptr<const LinearOperator> blur_operator(const ImageShape& shape, double sd);

}  // namespace ebm::samplers
