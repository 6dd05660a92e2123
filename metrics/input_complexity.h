#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::metrics {

/// Bits per value of each image when compressed losslessly (zlib, highest level, the
/// image alone): L(x)/dim. As an out-of-distribution score by itself it is the baseline that a
/// model's likelihood has to beat; energy and likelihood of smooth images correlate with it. 6
/// bytes of an image's bits are zlib's frame. The figure depends a little on the version of zlib.
/// @param images  [n, dim] bytes
/// @return        [n], bits per value: near 0 for a constant, above 8 for noise
/// @throws Error(kShape) if images.size() is not n·dim or one is below 1; Error(kUsage) on
///         n_threads < 1.
/// Source: Serrà, Álvarez, Gómez, Slizovskaia, Núñez, Luque 2020, section 3, with zlib for PNG.
std::vector<double> input_complexity(std::span<const std::uint8_t> images, std::int64_t n,
                                     std::int64_t dim, int n_threads = 1);

}  // namespace ebm::metrics
