#include "nets/compiled/avx512_bf16.h"

#include <hwy/base.h>

#include <algorithm>
#include <cstddef>

#include "base/error.h"
#include "samplers/simd/lane_count.h"

#if HWY_ARCH_X86

#include <immintrin.h>

#ifndef __clang__
// GCC 12's own header makes undefined registers.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

// Only what is between here and the end of these attributes may be instructions of AVX-512:
// functions of headers stay for any machine.
HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")

namespace ebm::nets {
namespace {
using samplers::kLanes;

HWY_INLINE __m512bh pairs_of(__m512 bits) { return (__m512bh)_mm512_castps_si512(bits); }

HWY_INLINE void finish_sum(__m512 sum, const TileEnd& end, std::int64_t at,
                           float* HWY_RESTRICT out) {
  if (end.adds) sum = _mm512_add_ps(sum, _mm512_load_ps(out + at));
  if (end.derivative != nullptr) sum = _mm512_mul_ps(sum, _mm512_load_ps(end.derivative + at));
  _mm512_store_ps(out + at, sum);
}

// Lanes of an output from which on it is taken to lie in a distant cache: 512 KB.
constexpr std::int64_t kDistant = 8192;

// Calls for what finish_sum() reads and writes before the sums are made: of a wide layer a line
// here and a line there. Measured on 64 channels of 28x28: 15 % faster; where it is near, 2 %
// slower.
template <int kChannels, int kPositions>
HWY_INLINE void prefetch_ends(const TileTask& task, std::size_t position, std::int64_t channel,
                              const TileEnd& end, const float* out) {
  for (int p = 0; p < kPositions; ++p) {
    const std::int64_t place = task.out[position + static_cast<std::size_t>(p)] + channel;
    for (int c = 0; c < kChannels; ++c) {
      __builtin_prefetch(out + (place + c) * kLanes, 1);
      if (end.derivative != nullptr) __builtin_prefetch(end.derivative + (place + c) * kLanes);
    }
  }
}

// At one position weights are used once, and come from a distant cache: they are fetched so many
// pairs ahead of their use.
constexpr std::int64_t kWeightsAhead = 512;

// Sums of kChannels channels at kPositions positions: as tile() of tile-inl.h, with two products in
// place of one.
template <int kChannels, int kPositions>
HWY_INLINE void pair_tile(const TileTask& task, const float* HWY_RESTRICT in,
                          const float* HWY_RESTRICT weight, std::size_t position,
                          std::int64_t channel, bool is_distant, const TileEnd& end,
                          float* HWY_RESTRICT out) {
  __m512 sum[kChannels][kPositions];
#pragma GCC unroll 16
  for (int c = 0; c < kChannels; ++c) {
    const __m512 start = _mm512_set1_ps(end.bias == nullptr ? 0.0f : end.bias[channel + c]);
#pragma GCC unroll 16
    for (int p = 0; p < kPositions; ++p) sum[c][p] = start;
  }
  if (is_distant) prefetch_ends<kChannels, kPositions>(task, position, channel, end, out);
  const float* x_rows[kPositions];
#pragma GCC unroll 16
  for (int p = 0; p < kPositions; ++p) {
    x_rows[p] = in + task.in[position + static_cast<std::size_t>(p)] * kLanes;
  }
  const float* HWY_RESTRICT w_row = weight + task.weight;
  for (std::int64_t row = 0; row < task.n_rows; ++row) {
    const float* HWY_RESTRICT w = w_row;
    const std::int64_t length = task.length * kLanes;
    for (std::int64_t k = 0; k < length; k += kLanes) {
      if constexpr (kPositions == 1) __builtin_prefetch(w + kWeightsAhead);
      __m512bh v[kPositions];
#pragma GCC unroll 16
      for (int p = 0; p < kPositions; ++p) v[p] = pairs_of(_mm512_load_ps(x_rows[p] + k));
#pragma GCC unroll 16
      for (int c = 0; c < kChannels; ++c) {
        const __m512bh factor = pairs_of(_mm512_set1_ps(w[c]));
#pragma GCC unroll 16
        for (int p = 0; p < kPositions; ++p) {
          sum[c][p] = _mm512_dpbf16_ps(sum[c][p], factor, v[p]);
        }
      }
      w += kChannelBlock;
    }
#pragma GCC unroll 16
    for (int p = 0; p < kPositions; ++p) x_rows[p] += task.in_row_stride * kLanes;
    w_row += task.weight_row_stride;
  }
#pragma GCC unroll 16
  for (int p = 0; p < kPositions; ++p) {
    const std::int64_t place = task.out[position + static_cast<std::size_t>(p)] + channel;
#pragma GCC unroll 16
    for (int c = 0; c < kChannels; ++c) finish_sum(sum[c][p], end, (place + c) * kLanes, out);
  }
}

// All positions of a task, kPositions at a time, then what is left.
template <int kChannels, int kPositions>
HWY_INLINE void pairs_at_all_positions(const TileTask& task, const float* HWY_RESTRICT in,
                                       const float* HWY_RESTRICT weight, std::int64_t channel,
                                       bool is_distant, const TileEnd& end, float* HWY_RESTRICT out,
                                       std::size_t position = 0) {
  for (; position + kPositions <= task.out.size(); position += kPositions) {
    pair_tile<kChannels, kPositions>(task, in, weight, position, channel, is_distant, end, out);
  }
  if constexpr (kPositions > 1) {
    constexpr int kFewer = kPositions == 3 ? 2 : kPositions / 2;
    pairs_at_all_positions<kChannels, kFewer>(task, in, weight, channel, is_distant, end, out,
                                              position);
  }
}

HWY_INLINE void pairs_of_a_block(const TileTask& task, const float* HWY_RESTRICT in,
                                 const float* HWY_RESTRICT weight, std::int64_t first_channel,
                                 std::int64_t n_channels, bool is_distant, const TileEnd& end,
                                 float* HWY_RESTRICT out) {
  if (n_channels == kChannelBlock) {
    return pairs_at_all_positions<8, 3>(task, in, weight, first_channel, is_distant, end, out);
  }
  std::int64_t c = 0;
  for (; c + 4 <= n_channels; c += 4) {
    pairs_at_all_positions<4, 4>(task, in, weight + c, first_channel + c, is_distant, end, out);
  }
  for (; c + 2 <= n_channels; c += 2) {
    pairs_at_all_positions<2, 8>(task, in, weight + c, first_channel + c, is_distant, end, out);
  }
  for (; c < n_channels; ++c) {
    pairs_at_all_positions<1, 8>(task, in, weight + c, first_channel + c, is_distant, end, out);
  }
}

// The sums of four registers' halves of 8 numbers: [4] of the lower ones, then of the upper ones.
HWY_INLINE void sums_of_halves(__m512 a, __m512 b, __m512 c, __m512 d, float* HWY_RESTRICT sums) {
  const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
  const __m512d first = _mm512_unpacklo_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
  const __m512d second = _mm512_unpackhi_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
  const __m512 quarters = _mm512_add_ps(_mm512_castpd_ps(first), _mm512_castpd_ps(second));
  const __m512 swapped = _mm512_shuffle_f32x4(quarters, quarters, 0xB1);
  const __m512 halves = _mm512_add_ps(quarters, swapped);
  _mm_storeu_ps(sums, _mm512_castps512_ps128(halves));
  _mm_storeu_ps(sums + 4, _mm512_extractf32x4_ps(halves, 2));
}

// Products of kOut channels of the gradient and 2·kPairs of the input: a register holds two input
// channels of 16 chains, and of the gradient one channel twice.
template <int kOut, int kPairs>
HWY_INLINE void tap_tile(const TapPlaces& places, const std::uint16_t* HWY_RESTRICT x,
                         const std::uint16_t* HWY_RESTRICT g, std::int64_t n_in,
                         std::int64_t out_stride, std::int64_t in_stride,
                         float* HWY_RESTRICT weight) {
  __m512 sum[kOut][kPairs];
#pragma GCC unroll 16
  for (int o = 0; o < kOut; ++o) {
#pragma GCC unroll 16
    for (int i = 0; i < kPairs; ++i) sum[o][i] = _mm512_setzero_ps();
  }
  const std::size_t n = places.in.size();
  const std::int32_t* HWY_RESTRICT in = places.in.data();
  const std::int32_t* HWY_RESTRICT out = places.out.data();
  for (std::size_t place = 0; place < n; ++place) {
    const std::uint16_t* HWY_RESTRICT from_x = x + in[place] * kLanes;
    const std::uint16_t* HWY_RESTRICT from_g = g + out[place] * kLanes;
    __m512bh v[kPairs];
#pragma GCC unroll 16
    for (int i = 0; i < kPairs; ++i) v[i] = (__m512bh)_mm512_loadu_si512(from_x + i * 2 * kLanes);
#pragma GCC unroll 16
    for (int o = 0; o < kOut; ++o) {
      const __m256i once = _mm256_load_si256((const __m256i*)(from_g + o * kLanes));
      const __m512bh factor = (__m512bh)_mm512_broadcast_i64x4(once);
#pragma GCC unroll 16
      for (int i = 0; i < kPairs; ++i) sum[o][i] = _mm512_dpbf16_ps(sum[o][i], factor, v[i]);
    }
  }
  const __m512 zero = _mm512_setzero_ps();
  float sums[8];
#pragma GCC unroll 16
  for (int i = 0; i < kPairs; ++i) {
#pragma GCC unroll 16
    for (int o = 0; o < kOut; o += 4) {
      sums_of_halves(sum[o][i], kOut > 1 ? sum[(o + 1) % kOut][i] : zero,
                     kOut > 1 ? sum[(o + 2) % kOut][i] : zero,
                     kOut > 1 ? sum[(o + 3) % kOut][i] : zero, sums);
      constexpr int kEach = kOut < 4 ? kOut : 4;
      for (int k = 0; k < kEach; ++k) {
        weight[(o + k) * out_stride + 2 * i * in_stride] = sums[k];
        if (2 * i + 1 < n_in) weight[(o + k) * out_stride + (2 * i + 1) * in_stride] = sums[4 + k];
      }
    }
  }
}

// kPairs pairs of inputs and all outputs: kOut at a time, then 4, then one.
template <int kOut, int kPairs>
HWY_INLINE void tap_of_all_outputs(const TapPlaces& places, const std::uint16_t* HWY_RESTRICT x,
                                   const std::uint16_t* HWY_RESTRICT g, std::int64_t n_out,
                                   std::int64_t n_in, std::int64_t out_stride,
                                   std::int64_t in_stride, float* HWY_RESTRICT weight) {
  std::int64_t o = 0;
  for (; o + kOut <= n_out; o += kOut) {
    tap_tile<kOut, kPairs>(places, x, g + o * kLanes, n_in, out_stride, in_stride,
                           weight + o * out_stride);
  }
  if constexpr (kOut > 4) {
    for (; o + 4 <= n_out; o += 4) {
      tap_tile<4, kPairs>(places, x, g + o * kLanes, n_in, out_stride, in_stride,
                          weight + o * out_stride);
    }
  }
  for (; o < n_out; ++o) {
    tap_tile<1, kPairs>(places, x, g + o * kLanes, n_in, out_stride, in_stride,
                        weight + o * out_stride);
  }
}

}  // namespace

void make_pairs_avx512(const float* in, std::int64_t n_positions, std::int64_t n_channels,
                       std::int64_t n_pairs, float* out) {
  // From 16 numbers of one channel and 16 of the next to pairs of them.
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24,
                                         8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  for (std::int64_t position = 0; position < n_positions; ++position) {
    for (std::int64_t pair = 0; pair < n_pairs; ++pair) {
      const std::int64_t c = 2 * pair;
      const __m512 zero = _mm512_setzero_ps();
      const __m512 first = c < n_channels ? _mm512_load_ps(in + c * kLanes) : zero;
      const __m512 second = c + 1 < n_channels ? _mm512_load_ps(in + (c + 1) * kLanes) : zero;
      const auto both = (__m512i)_mm512_cvtne2ps_pbh(second, first);
      _mm512_store_si512(out, _mm512_permutexvar_epi16(order, both));
      out += kLanes;
    }
    in += n_channels * kLanes;
  }
}

void pair_products_avx512(const TileTasks& tasks, std::int64_t n_channels,
                          std::int64_t weights_of_a_block, const float* in, const float* weight,
                          const TileEnd& end, float* out) {
  std::int64_t n_positions = 0;
  for (const TileTask& task : tasks) n_positions += static_cast<std::int64_t>(task.out.size());
  const bool is_distant = n_positions * n_channels >= kDistant;
  for (std::int64_t first = 0; first < n_channels; first += kChannelBlock) {
    for (const TileTask& task : tasks) {
      pairs_of_a_block(task, in, weight + first / kChannelBlock * weights_of_a_block, first,
                       std::min(kChannelBlock, n_channels - first), is_distant, end, out);
    }
  }
}

void finish_sums_avx512(const float* sums, std::int64_t n_channels, const float* bias,
                        const TileEnd& end, std::int64_t at, float* out) {
  for (std::int64_t c = 0; c < n_channels; ++c) {
    __m512 sum = _mm512_load_ps(sums + c * kLanes);
    if (bias != nullptr) sum = _mm512_add_ps(sum, _mm512_set1_ps(bias[c]));
    finish_sum(sum, end, (at + c) * kLanes, out);
  }
}

void make_halves_avx512(const float* in, std::int64_t n, std::uint16_t* out) {
  for (std::int64_t i = 0; i < n * kLanes; i += kLanes) {
    const auto half = (__m256i)_mm512_cvtneps_pbh(_mm512_load_ps(in + i));
    _mm256_store_si256((__m256i*)(out + i), half);
  }
}

void tap_gradient_avx512(const TapPlaces& places, const std::uint16_t* x, const std::uint16_t* g,
                         std::int64_t n_out, std::int64_t n_in, std::int64_t out_stride,
                         std::int64_t in_stride, float* weight) {
  std::int64_t i = 0;
  for (; i + 8 <= n_in; i += 8) {
    tap_of_all_outputs<4, 4>(places, x + i * kLanes, g, n_out, n_in - i, out_stride, in_stride,
                             weight + i * in_stride);
  }
  for (; i < n_in; i += 2) {
    tap_of_all_outputs<16, 1>(places, x + i * kLanes, g, n_out, n_in - i, out_stride, in_stride,
                              weight + i * in_stride);
  }
}

}  // namespace ebm::nets

HWY_POP_ATTRIBUTES

#else  // HWY_ARCH_X86

namespace ebm::nets {
namespace {

// No plan is made for a unit that the machine lacks.
[[noreturn]] void refuse() {
  throw Error(ErrorCode::kInternal, "AVX512_BF16 is a unit of x86 processors");
}

}  // namespace

void make_pairs_avx512(const float*, std::int64_t, std::int64_t, std::int64_t, float*) { refuse(); }

void pair_products_avx512(const TileTasks&, std::int64_t, std::int64_t, const float*, const float*,
                          const TileEnd&, float*) {
  refuse();
}

void finish_sums_avx512(const float*, std::int64_t, const float*, const TileEnd&, std::int64_t,
                        float*) {
  refuse();
}

void make_halves_avx512(const float*, std::int64_t, std::uint16_t*) { refuse(); }

void tap_gradient_avx512(const TapPlaces&, const std::uint16_t*, const std::uint16_t*, std::int64_t,
                         std::int64_t, std::int64_t, std::int64_t, float*) {
  refuse();
}

}  // namespace ebm::nets

#endif  // HWY_ARCH_X86
