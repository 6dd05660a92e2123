#pragma once

#include <cstdint>

#include "nets/compiled/tile_tasks.h"

namespace ebm::nets {

// Products of bfloat16 by vdpbf16ps, which multiplies pairs: 32 products an instruction, summed up
// in 16 numbers of float32. Only for processors that have it (samplers/simd/bf16_unit.h).

/// Two channels of 16 chains side by side: out [position][n_pairs][16], each a pair in the bits of
/// a float (bf16.h), of in [position][n_channels][16]. What there is no channel for is 0.
void make_pairs_avx512(const float* in, std::int64_t n_positions, std::int64_t n_channels,
                       std::int64_t n_pairs, float* out);

/// As the tiles of float32 (tile-inl.h), of tasks whose inputs and weights are pairs.
/// @param n_channels          of the output
/// @param weights_of_a_block  pairs of weights of 8 output channels
void pair_products_avx512(const TileTasks& tasks, std::int64_t n_channels,
                          std::int64_t weights_of_a_block, const float* in, const float* weight,
                          const TileEnd& end, float* out);

/// Writes sums [n_channels][16] at an offset in lanes. @param bias  of these channels, or null; in
///                                                                place of that of `end`
void finish_sums_avx512(const float* sums, std::int64_t n_channels, const float* bias,
                        const TileEnd& end, std::int64_t at, float* out);

/// n values of 16 chains, rounded: out [n][16] in bfloat16.
void make_halves_avx512(const float* in, std::int64_t n, std::uint16_t* out);

/// Products of all channels of a gradient g [place][n_out][16] and of an input x [place][n_in][16],
/// summed over the places at which one tap is used and over chains: weight [n_out][n_in] with the
/// strides given. Behind x, 16 more numbers may be read.
void tap_gradient_avx512(const TapPlaces& places, const std::uint16_t* x, const std::uint16_t* g,
                         std::int64_t n_out, std::int64_t n_in, std::int64_t out_stride,
                         std::int64_t in_stride, float* weight);

}  // namespace ebm::nets
