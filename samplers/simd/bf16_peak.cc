#include "samplers/simd/bf16_peak.h"

#include <hwy/base.h>

#include <cstdint>

#include "samplers/simd/bf16_unit.h"
#include "samplers/simd/fma_peak.h"

#if HWY_ARCH_X86
#include <immintrin.h>

HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,amx-tile,amx-bf16")

namespace ebm::samplers {
namespace {

// n rounds of 12 that do not wait for each other, as fma_rounds() of fma_peak.cc.
double avx512_rounds(std::int64_t n, float* sink) {
  const auto a = (__m512bh)_mm512_set1_epi32(0x3F7F3F7F);
  const auto b = (__m512bh)_mm512_set1_epi32(0x3A833A83);
  __m512 s0 = _mm512_set1_ps(0.00f), s1 = _mm512_set1_ps(0.01f), s2 = _mm512_set1_ps(0.02f);
  __m512 s3 = _mm512_set1_ps(0.03f), s4 = _mm512_set1_ps(0.04f), s5 = _mm512_set1_ps(0.05f);
  __m512 s6 = _mm512_set1_ps(0.06f), s7 = _mm512_set1_ps(0.07f), s8 = _mm512_set1_ps(0.08f);
  __m512 s9 = _mm512_set1_ps(0.09f), s10 = _mm512_set1_ps(0.10f), s11 = _mm512_set1_ps(0.11f);
  for (std::int64_t i = 0; i < n; ++i) {
    s0 = _mm512_dpbf16_ps(s0, a, b);
    s1 = _mm512_dpbf16_ps(s1, a, b);
    s2 = _mm512_dpbf16_ps(s2, a, b);
    s3 = _mm512_dpbf16_ps(s3, a, b);
    s4 = _mm512_dpbf16_ps(s4, a, b);
    s5 = _mm512_dpbf16_ps(s5, a, b);
    s6 = _mm512_dpbf16_ps(s6, a, b);
    s7 = _mm512_dpbf16_ps(s7, a, b);
    s8 = _mm512_dpbf16_ps(s8, a, b);
    s9 = _mm512_dpbf16_ps(s9, a, b);
    s10 = _mm512_dpbf16_ps(s10, a, b);
    s11 = _mm512_dpbf16_ps(s11, a, b);
  }
  const __m512 even = s0 + s2 + s4 + s6 + s8 + s10, odd = s1 + s3 + s5 + s7 + s9 + s11;
  *sink = _mm512_cvtss_f32(even + odd);
  return static_cast<double>(n) * 12.0 * 2.0 * 32.0;
}

struct alignas(64) TileShapes {
  std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};

// n rounds of four tiles of sums.
double amx_rounds(std::int64_t n, float* sink) {
  alignas(64) float zeros[256] = {};
  TileShapes shapes;
  for (int tile = 0; tile < 6; ++tile) {
    shapes.row_bytes[tile] = 64;
    shapes.rows[tile] = 16;
  }
  // GCC 12 does not know that all of them are read.
  __asm__ volatile("" : : "r"(&shapes), "r"(zeros) : "memory");
  _tile_loadconfig(&shapes);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_loadd(4, zeros, 64);
  _tile_loadd(5, zeros, 64);
  for (std::int64_t i = 0; i < n; ++i) {
    _tile_dpbf16ps(0, 4, 5);
    _tile_dpbf16ps(1, 4, 5);
    _tile_dpbf16ps(2, 4, 5);
    _tile_dpbf16ps(3, 4, 5);
  }
  _tile_stored(0, zeros, 64);
  _tile_release();
  *sink = zeros[0];
  return static_cast<double>(n) * 4.0 * 2.0 * 16.0 * 16.0 * 32.0;
}

}  // namespace
}  // namespace ebm::samplers

HWY_POP_ATTRIBUTES
#endif

namespace ebm::samplers {

double bf16_peak_gflops(int n_threads) {
#if HWY_ARCH_X86
  switch (bf16_unit()) {
    case Bf16Unit::kAmxBf16:
      return peak_gflops(amx_rounds, 40'000, n_threads);
    case Bf16Unit::kAvx512Bf16:
      return peak_gflops(avx512_rounds, 400'000, n_threads);
    case Bf16Unit::kF32:
      break;
  }
#endif
  return fma_peak_gflops(n_threads);
}

}  // namespace ebm::samplers
