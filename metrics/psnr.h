#pragma once

#include <span>

namespace ebm::metrics {

/// Mean of (image − truth)² over all values, in double precision.
/// @throws Error(kShape) unless both have the same number of values, at least one
double mean_squared_error(std::span<const float> image, std::span<const float> truth);

/// Peak signal-to-noise ratio of a mean squared error, 10·log10(range²/MSE) in dB; infinite at 0.
/// @param range  between the darkest and the brightest value, 2 for images in [−1, 1]
/// @throws Error(kUsage) unless range is positive and the error not negative
double psnr(double mean_squared_error, double range = 2.0);

}  // namespace ebm::metrics
