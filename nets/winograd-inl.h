// 3x3 convolutions by F(4x4, 3x3), 16 chains at a time: transforms are sums of lanes, and each of
// the 36 points of a tile is a product of matrices for the tiles of tile-inl.h. Compiled once per
// SIMD target.

#if defined(EBM_NETS_WINOGRAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_WINOGRAD_INL_H_
#undef EBM_NETS_WINOGRAD_INL_H_
#else
#define EBM_NETS_WINOGRAD_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nets/tile-inl.h"
#include "nets/winograd.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Weights come from a distant cache: they are fetched so many floats ahead of their use.
inline constexpr int kWeightsAhead = 1024;

// Bᵀd along one axis, in place: six values that lie kStride apart.
template <int kStride>
HWY_INLINE void input_points(Lanes* d) {
  constexpr float kA = Winograd::kA, kB = Winograd::kB;
  const Lanes aa = lanes::all_lanes(kA * kA), bb = lanes::all_lanes(kB * kB);
  const Lanes sum = lanes::all_lanes(kA * kA + kB * kB);
  const Lanes product = lanes::all_lanes(kA * kA * kB * kB);
  const Lanes a = lanes::all_lanes(kA), b = lanes::all_lanes(kB);
  const Lanes d1 = d[kStride], d2 = d[2 * kStride], d3 = d[3 * kStride], d4 = d[4 * kStride];
  const Lanes even_a = lanes::neg_mul_add(bb, d2, d4), odd_a = lanes::neg_mul_add(bb, d1, d3);
  const Lanes even_b = lanes::neg_mul_add(aa, d2, d4), odd_b = lanes::neg_mul_add(aa, d1, d3);
  d[0] = lanes::mul_add(product, d[0], lanes::neg_mul_add(sum, d2, d4));
  d[5 * kStride] = lanes::mul_add(product, d1, lanes::neg_mul_add(sum, d3, d[5 * kStride]));
  d[kStride] = lanes::mul_add(a, odd_a, even_a);
  d[2 * kStride] = lanes::neg_mul_add(a, odd_a, even_a);
  d[3 * kStride] = lanes::mul_add(b, odd_b, even_b);
  d[4 * kStride] = lanes::neg_mul_add(b, odd_b, even_b);
}

// Aᵀm along one axis, in place: four values of six that lie kStride apart.
template <int kStride>
HWY_INLINE void output_values(Lanes* m) {
  constexpr float kA = Winograd::kA, kB = Winograd::kB;
  const Lanes sum_a = m[kStride] + m[2 * kStride], odd_a = m[kStride] - m[2 * kStride];
  const Lanes sum_b = m[3 * kStride] + m[4 * kStride], odd_b = m[3 * kStride] - m[4 * kStride];
  m[0] = m[0] + (sum_a + sum_b);
  m[kStride] = lanes::mul_add(lanes::all_lanes(kB), odd_b, lanes::all_lanes(kA) * odd_a);
  m[2 * kStride] =
      lanes::mul_add(lanes::all_lanes(kB * kB), sum_b, lanes::all_lanes(kA * kA) * sum_a);
  m[3 * kStride] =
      lanes::mul_add(lanes::all_lanes(kB * kB * kB), odd_b,
                     lanes::mul_add(lanes::all_lanes(kA * kA * kA), odd_a, m[5 * kStride]));
}

// Bᵀ d B of all channels of one tile. @param to  [36][group][in channels], at the tile's place
HWY_INLINE void transform_input(const Winograd& winograd, std::int64_t tile,
                                const float* HWY_RESTRICT in, const float* HWY_RESTRICT zeros,
                                float* HWY_RESTRICT to) {
  const Shape& shape = winograd.in;
  const std::int64_t first_row = tile / winograd.tile_columns * Winograd::kTile - winograd.top;
  const std::int64_t first_column = tile % winograd.tile_columns * Winograd::kTile - winograd.left;
  const float* from[Winograd::kPoints];
  for (std::int64_t i = 0; i < Winograd::kPoints; ++i) {
    const std::int64_t row = first_row + i / Winograd::kPatch;
    const std::int64_t column = first_column + i % Winograd::kPatch;
    const bool inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
    from[i] = inside ? in + (row * shape.width + column) * shape.channels * kLanes : zeros;
  }
  const std::int64_t n_values = shape.channels * kLanes, stride = winograd.group * n_values;
  for (std::int64_t k = 0; k < n_values; k += kLanes) {
    Lanes d[Winograd::kPoints];
#pragma GCC unroll 36
    for (int i = 0; i < Winograd::kPoints; ++i) d[i] = lanes::load_lanes(from[i] + k);
#pragma GCC unroll 6
    for (int i = 0; i < Winograd::kPatch; ++i) input_points<Winograd::kPatch>(d + i);
#pragma GCC unroll 6
    for (int i = 0; i < Winograd::kPatch; ++i) input_points<1>(d + i * Winograd::kPatch);
#pragma GCC unroll 36
    for (int i = 0; i < Winograd::kPoints; ++i) lanes::store_lanes(d[i], to + i * stride + k);
  }
}

// Aᵀ m A of some channels of one tile, but for what lies outside the output.
// @param from  [36][group][chunk], at the tile's place
HWY_INLINE void transform_output(const Winograd& winograd, std::int64_t tile,
                                 std::int64_t first_channel, std::int64_t n_channels,
                                 const float* HWY_RESTRICT from, const TileEnd& end,
                                 float* HWY_RESTRICT out) {
  const Shape& shape = winograd.out;
  const std::int64_t row = tile / winograd.tile_columns * Winograd::kTile;
  const std::int64_t column = tile % winograd.tile_columns * Winograd::kTile;
  const std::int64_t n_rows = std::min(Winograd::kTile, shape.height - row);
  const std::int64_t n_columns = std::min(Winograd::kTile, shape.width - column);
  const std::int64_t stride = winograd.group * winograd.chunk * kLanes;
  const std::int64_t place = (row * shape.width + column) * shape.channels + first_channel;
  for (std::int64_t c = 0; c < n_channels; ++c) {
    Lanes m[Winograd::kPoints];
#pragma GCC unroll 36
    for (int i = 0; i < Winograd::kPoints; ++i) {
      m[i] = lanes::load_lanes(from + i * stride + c * kLanes);
    }
#pragma GCC unroll 6
    for (int i = 0; i < Winograd::kPatch; ++i) output_values<Winograd::kPatch>(m + i);
#pragma GCC unroll 4
    for (int i = 0; i < Winograd::kTile; ++i) output_values<1>(m + i * Winograd::kPatch);
    const Lanes bias = lanes::all_lanes(end.bias == nullptr ? 0.0f : end.bias[first_channel + c]);
#pragma GCC unroll 4
    for (int i = 0; i < Winograd::kTile; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < Winograd::kTile; ++j) {
        if (i >= n_rows || j >= n_columns) continue;
        const std::int64_t at = place + c + (i * shape.width + j) * shape.channels;
        finish(m[i * Winograd::kPatch + j] + bias, end, at, out);
      }
    }
  }
}

// Products of all channels of a chunk at kPositions tiles, one point and one part of the inputs.
template <int kChannels, int kPositions>
HWY_INLINE void point_products(const TileTask& task, const float* HWY_RESTRICT in,
                               const float* HWY_RESTRICT weight, std::size_t position,
                               std::int64_t n_channels, bool adds, float* HWY_RESTRICT out) {
  const TileEnd end{.bias = nullptr, .derivative = nullptr, .adds = adds};
  for (std::int64_t c = 0; c < n_channels; c += kChannels) {
    const std::int64_t block = c / kChannelBlock * task.length * kChannelBlock;
    tile<kChannels, kPositions, kWeightsAhead>(task, in, weight + block + c % kChannelBlock,
                                               position, c, end, out);
  }
}

// The same at n tiles, as many at a time as there are registers for.
HWY_INLINE void group_products(const TileTask& task, const float* HWY_RESTRICT in,
                               const float* HWY_RESTRICT weight, std::int64_t n,
                               std::int64_t n_channels, bool adds, float* HWY_RESTRICT out) {
  std::size_t position = 0;
  const auto n_left = [&] { return n - static_cast<std::int64_t>(position); };
  if constexpr (kTilePositions == 3) {
    for (; n_left() > 4 || n_left() == 3; position += 3) {
      point_products<8, 3>(task, in, weight, position, n_channels, adds, out);
    }
    for (; n_left() >= 4; position += 4) {
      point_products<4, 4>(task, in, weight, position, n_channels, adds, out);
    }
    for (; n_left() >= 2; position += 2) {
      point_products<8, 2>(task, in, weight, position, n_channels, adds, out);
    }
  }
  for (; n_left() > 0; ++position) {
    point_products<kTileChannels, 1>(task, in, weight, position, n_channels, adds, out);
  }
}

// All of a convolution. @param scratch  [winograd.scratch()]
static HWY_NOINLINE void winograd_products(const Winograd& winograd, const float* HWY_RESTRICT in,
                                           const float* HWY_RESTRICT weight, const TileEnd& end,
                                           float* HWY_RESTRICT scratch, float* HWY_RESTRICT out) {
  const std::int64_t n_in = winograd.in.channels, n_out = winograd.out.channels;
  const std::int64_t input_stride = winograd.group * n_in * kLanes;
  const std::int64_t sum_stride = winograd.group * winograd.chunk * kLanes;
  float* HWY_RESTRICT zeros = scratch;
  float* HWY_RESTRICT inputs = zeros + n_in * kLanes;
  float* HWY_RESTRICT sums = inputs + Winograd::kPoints * input_stride;
  std::fill_n(zeros, n_in * kLanes, 0.0f);
  for (std::int64_t first = 0; first < winograd.n_tiles(); first += winograd.group) {
    const std::int64_t n = std::min(winograd.group, winograd.n_tiles() - first);
    for (std::int64_t i = 0; i < n; ++i) {
      transform_input(winograd, first + i, in, zeros, inputs + i * n_in * kLanes);
    }
    const float* HWY_RESTRICT w = weight;
    for (std::int64_t channel = 0; channel < n_out; channel += winograd.chunk) {
      const std::int64_t n_channels = std::min(winograd.chunk, n_out - channel);
      const std::int64_t n_blocks = (n_channels + kChannelBlock - 1) / kChannelBlock;
      for (std::int64_t point = 0; point < Winograd::kPoints; ++point) {
        for (const TileTask& task : winograd.products) {
          group_products(task, inputs + point * input_stride, w, n, n_channels,
                         &task != winograd.products.data(), sums + point * sum_stride);
          w += n_blocks * kChannelBlock * task.length;
        }
      }
      for (std::int64_t i = 0; i < n; ++i) {
        transform_output(winograd, first + i, channel, n_channels,
                         sums + i * winograd.chunk * kLanes, end, out);
      }
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_WINOGRAD_INL_H_
