#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// A small classifier whose penultimate activations, 64 of them, serve as features of images:
///
/// features28  1x28x28: conv 3x3 pad 1 to 16, 32, 64 channels, flatten, linear 64, linear
/// n_classes.
///             61 k parameters at 10 classes, 2.0 M multiply-adds.
/// features32  3x32x32: the same with 32, 64, 128 channels. 225 k parameters, 10.4 M multiply-adds.
///
/// ReLU after each but the last, 2x2 mean pooling after each convolution. The features are a
/// quarter as many as would fit a covariance of some hundreds of samples.
/// @throws Error(kShape) for an input of another shape, Error(kUsage) on n_classes < 2.
Architecture classifier_preset(const Shape& input, std::int64_t n_classes);

}  // namespace ebm::nets
