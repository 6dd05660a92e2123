#pragma once

#include <cstdint>

namespace ebm::data {

/// Bits per value that the density exp(−E(x)/T)/Z spends on images of 256 grey levels, which lie in
/// [−1, 1] as 2·(v + u)/256 − 1, u ~ U(0, 1) (data/batch_source.h): every level is a bin of width
/// 2/256, so that with p constant within bins −log2 P(image) = −log2 p(x) − dim·log2(2/256), and
/// at most the mean of that over u in general (Jensen):
///   bits_per_dim = (mean E/T + log Z)/(dim·ln 2) + 7.
/// The uniform density on the box has 8, as has every density that prefers no image.
/// @param mean_energy  mean of E/T over images drawn with u
/// @param log_z        nats; one that is too low makes the result too low
/// Source: Theis, van den Oord, Bethge 2016, section 3.1.
double bits_per_dim(double mean_energy, double log_z, std::int64_t dim);

}  // namespace ebm::data
