// Convolutions by F(4x4, 3x3) and F(4x4, 2x2), 16 chains at a time: transforms are sums of lanes,
// and each point of a tile is a product of matrices for the tiles of tile-inl.h. Compiled once per
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

#include "base/interruption.h"
#include "nets/compiled/bf16-inl.h"
#include "nets/compiled/tile_tasks-inl.h"
#include "nets/compiled/winograd.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Weights come from a distant cache: they are fetched so many floats ahead of their use.
inline constexpr int kWeightsAhead = 1024;

// Bᵀd along one axis, in place: kPatch values that lie kStride apart.
template <int kPatch, int kStride>
HWY_INLINE void input_points(Lanes* d) {
  constexpr float kA = Winograd::point_a(kPatch - 3), kB = Winograd::point_b(kPatch - 3);
  constexpr int kZero = kPatch - 5;  // whether 0 is one of the points, the first
  const Lanes aa = lanes::all_lanes(kA * kA), bb = lanes::all_lanes(kB * kB);
  const Lanes sum = lanes::all_lanes(kA * kA + kB * kB);
  const Lanes product = lanes::all_lanes(kA * kA * kB * kB);
  const Lanes a = lanes::all_lanes(kA), b = lanes::all_lanes(kB);
  // The values that ±a and ±b see, and the whole polynomial for ∞ (and one degree lower for 0).
  const Lanes d0 = d[kZero * kStride], d1 = d[(kZero + 1) * kStride];
  const Lanes d2 = d[(kZero + 2) * kStride], d3 = d[(kZero + 3) * kStride];
  const Lanes high_a = lanes::neg_mul_add(bb, d1, d3), low_a = lanes::neg_mul_add(bb, d0, d2);
  const Lanes high_b = lanes::neg_mul_add(aa, d1, d3), low_b = lanes::neg_mul_add(aa, d0, d2);
  if constexpr (kZero == 1) d[0] = lanes::mul_add(product, d[0], lanes::neg_mul_add(sum, d1, d3));
  d[(kPatch - 1) * kStride] =
      lanes::mul_add(product, d0, lanes::neg_mul_add(sum, d2, d[(kPatch - 1) * kStride]));
  d[kZero * kStride] = lanes::mul_add(a, low_a, high_a);
  d[(kZero + 1) * kStride] = lanes::neg_mul_add(a, low_a, high_a);
  d[(kZero + 2) * kStride] = lanes::mul_add(b, low_b, high_b);
  d[(kZero + 3) * kStride] = lanes::neg_mul_add(b, low_b, high_b);
}

// Aᵀm along one axis, in place: four values of kPatch that lie kStride apart.
template <int kPatch, int kStride>
HWY_INLINE void output_values(Lanes* m) {
  constexpr float kA = Winograd::point_a(kPatch - 3), kB = Winograd::point_b(kPatch - 3);
  constexpr int kZero = kPatch - 5;
  const Lanes plus_a = m[kZero * kStride], minus_a = m[(kZero + 1) * kStride];
  const Lanes plus_b = m[(kZero + 2) * kStride], minus_b = m[(kZero + 3) * kStride];
  const Lanes sum_a = plus_a + minus_a, odd_a = plus_a - minus_a;
  const Lanes sum_b = plus_b + minus_b, odd_b = plus_b - minus_b;
  const Lanes last = m[(kPatch - 1) * kStride];
  if constexpr (kZero == 1) {
    m[0] = m[0] + (sum_a + sum_b);
  } else {
    m[0] = sum_a + sum_b;
  }
  m[kStride] = lanes::mul_add(lanes::all_lanes(kB), odd_b, lanes::all_lanes(kA) * odd_a);
  m[2 * kStride] =
      lanes::mul_add(lanes::all_lanes(kB * kB), sum_b, lanes::all_lanes(kA * kA) * sum_a);
  m[3 * kStride] = lanes::mul_add(lanes::all_lanes(kB * kB * kB), odd_b,
                                  lanes::mul_add(lanes::all_lanes(kA * kA * kA), odd_a, last));
}

// Where the tiles of a phase of the result begin, in values of a phase.
struct PhaseStart {
  std::int64_t row, column;
  bool operator==(const PhaseStart&) const = default;
};

inline PhaseStart phase_start(const Winograd& winograd, std::int64_t phase) {
  const std::int64_t step = winograd.out_step();
  return {winograd.skips_row && phase / step == 0 ? 1 : 0,
          winograd.skips_column && phase % step == 0 ? 1 : 0};
}

// Bᵀ d B of all channels and phases of one tile.
// @param kRounds  whether d is rounded to bfloat16 first
// @param to       [kPatch²][group][in_channels()], at the tile's place
template <int kPatch, bool kRounds>
HWY_INLINE void transform_input(const Winograd& winograd, std::int64_t tile,
                                const PhaseStart& start, const float* HWY_RESTRICT in,
                                const float* HWY_RESTRICT zeros, float* HWY_RESTRICT to) {
  constexpr int kPoints = kPatch * kPatch;
  const Shape& shape = winograd.in;
  const std::int64_t step = winograd.in_step();
  const std::int64_t tile_row = tile / winograd.tile_columns * Winograd::kTile + start.row;
  const std::int64_t tile_column = tile % winograd.tile_columns * Winograd::kTile + start.column;
  const std::int64_t n_values = shape.channels * kLanes;
  const std::int64_t stride = winograd.group * winograd.in_channels() * kLanes;
  for (std::int64_t phase = 0; phase < step * step; ++phase) {
    const float* from[kPoints];
    for (std::int64_t i = 0; i < kPoints; ++i) {
      const std::int64_t row = (tile_row + i / kPatch) * step + phase / step - winograd.top;
      const std::int64_t column = (tile_column + i % kPatch) * step + phase % step - winograd.left;
      const bool inside = row >= 0 && row < shape.height && column >= 0 && column < shape.width;
      from[i] = inside ? in + (row * shape.width + column) * n_values : zeros;
    }
    for (std::int64_t k = 0; k < n_values; k += kLanes) {
      Lanes d[kPoints];
#pragma GCC unroll 36
      for (int i = 0; i < kPoints; ++i) {
        d[i] = lanes::load_lanes(from[i] + k);
        if constexpr (kRounds) d[i] = rounded_to_bf16(d[i]);
      }
#pragma GCC unroll 6
      for (int i = 0; i < kPatch; ++i) input_points<kPatch, kPatch>(d + i);
#pragma GCC unroll 6
      for (int i = 0; i < kPatch; ++i) input_points<kPatch, 1>(d + i * kPatch);
#pragma GCC unroll 36
      for (int i = 0; i < kPoints; ++i) lanes::store_lanes(d[i], to + i * stride + k);
    }
    to += n_values;
  }
}

// Aᵀ m A of some channels of one phase and tile, but for what lies outside the result.
// @param from  [kPatch²][group][chunk], at the tile's place
template <int kPatch>
HWY_INLINE void transform_output(const Winograd& winograd, std::int64_t tile, std::int64_t phase,
                                 std::int64_t first_channel, std::int64_t n_channels,
                                 const float* HWY_RESTRICT from, const TileEnd& end,
                                 float* HWY_RESTRICT out) {
  constexpr int kPoints = kPatch * kPatch, kTile = Winograd::kTile;
  const Shape& shape = winograd.out;
  const std::int64_t step = winograd.out_step();
  const PhaseStart start = phase_start(winograd, phase);
  const std::int64_t tile_row = tile / winograd.tile_columns * kTile + start.row;
  const std::int64_t tile_column = tile % winograd.tile_columns * kTile + start.column;
  const std::int64_t row = tile_row * step + phase / step - winograd.out_top;
  const std::int64_t column = tile_column * step + phase % step - winograd.out_left;
  const std::int64_t stride = winograd.group * winograd.chunk * kLanes;
  const std::int64_t place = (row * shape.width + column) * shape.channels + first_channel;
  for (std::int64_t c = 0; c < n_channels; ++c) {
    Lanes m[kPoints];
#pragma GCC unroll 36
    for (int i = 0; i < kPoints; ++i) m[i] = lanes::load_lanes(from + i * stride + c * kLanes);
#pragma GCC unroll 6
    for (int i = 0; i < kPatch; ++i) output_values<kPatch, kPatch>(m + i);
#pragma GCC unroll 4
    for (int i = 0; i < kTile; ++i) output_values<kPatch, 1>(m + i * kPatch);
    const Lanes bias = lanes::all_lanes(end.bias == nullptr ? 0.0f : end.bias[first_channel + c]);
#pragma GCC unroll 4
    for (int i = 0; i < kTile; ++i) {
      if (row + i * step < 0 || row + i * step >= shape.height) continue;
#pragma GCC unroll 4
      for (int j = 0; j < kTile; ++j) {
        if (column + j * step < 0 || column + j * step >= shape.width) continue;
        const std::int64_t at = place + c + (i * shape.width + j) * step * shape.channels;
        finish(m[i * kPatch + j] + bias, end, at, out);
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

template <int kPatch, bool kRounds>
HWY_INLINE void winograd_of_patches(const Winograd& winograd, const float* HWY_RESTRICT in,
                                    const float* HWY_RESTRICT weight, const TileEnd& end,
                                    float* HWY_RESTRICT scratch, float* HWY_RESTRICT out) {
  constexpr std::int64_t kPoints = kPatch * kPatch;
  const std::int64_t n_in = winograd.in_channels(), n_out = winograd.out.channels;
  const std::int64_t input_stride = winograd.group * n_in * kLanes;
  const std::int64_t sum_stride = winograd.group * winograd.chunk * kLanes;
  float* HWY_RESTRICT zeros = scratch;
  float* HWY_RESTRICT inputs = zeros + winograd.in.channels * kLanes;
  float* HWY_RESTRICT sums = inputs + kPoints * input_stride;
  std::fill_n(zeros, winograd.in.channels * kLanes, 0.0f);
  for (std::int64_t first = 0; first < winograd.n_tiles(); first += winograd.group) {
    base::throw_if_interrupted();
    const std::int64_t n = std::min(winograd.group, winograd.n_tiles() - first);
    const float* HWY_RESTRICT w = weight;
    for (std::int64_t phase = 0; phase < winograd.out_phases(); ++phase) {
      const PhaseStart start = phase_start(winograd, phase);
      if (phase == 0 || start != phase_start(winograd, phase - 1)) {
        for (std::int64_t i = 0; i < n; ++i) {
          transform_input<kPatch, kRounds>(winograd, first + i, start, in, zeros,
                                           inputs + i * n_in * kLanes);
        }
      }
      for (std::int64_t channel = 0; channel < n_out; channel += winograd.chunk) {
        const std::int64_t n_channels = std::min(winograd.chunk, n_out - channel);
        const std::int64_t n_blocks = (n_channels + kChannelBlock - 1) / kChannelBlock;
        for (std::int64_t point = 0; point < kPoints; ++point) {
          for (const TileTask& task : winograd.products) {
            group_products(task, inputs + point * input_stride, w, n, n_channels,
                           &task != winograd.products.data(), sums + point * sum_stride);
            w += n_blocks * kChannelBlock * task.length;
          }
        }
        for (std::int64_t i = 0; i < n; ++i) {
          transform_output<kPatch>(winograd, first + i, phase, channel, n_channels,
                                   sums + i * winograd.chunk * kLanes, end, out);
        }
      }
    }
  }
}

// All of a convolution.
// @param kRounds  whether its inputs are rounded to bfloat16
// @param scratch  [winograd.scratch()]
template <bool kRounds>
static HWY_NOINLINE void winograd_products(const Winograd& winograd, const float* HWY_RESTRICT in,
                                           const float* HWY_RESTRICT weight, const TileEnd& end,
                                           float* HWY_RESTRICT scratch, float* HWY_RESTRICT out) {
  if (winograd.patch() == 6) {
    winograd_of_patches<6, kRounds>(winograd, in, weight, end, scratch, out);
  } else {
    winograd_of_patches<5, kRounds>(winograd, in, weight, end, scratch, out);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_WINOGRAD_INL_H_
