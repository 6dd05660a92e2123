#include "nets/compiled/amx_bf16.h"

#include <hwy/base.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "nets/compiled/avx512_bf16.h"
#include "samplers/simd/bf16_unit.h"
#include "samplers/simd/lane_count.h"

#if HWY_ARCH_X86
#include <immintrin.h>

// As in avx512_bf16.cc. Loops over tiles are in it, too: what is inlined in them has to be.
HWY_PUSH_ATTRIBUTES("amx-tile,amx-bf16")
#include "nets/compiled/amx_loops.h"

namespace ebm::nets {
namespace {

/// The processor's: tiles 0 to 3 are sums, 4 and 5 weights, 6 and 7 inputs.
class HardwareTiles {
 public:
  explicit HardwareTiles(std::int64_t n_pairs) : weight_stride_(n_pairs * 4) {
    Shapes shapes;
    for (int tile = 0; tile < 8; ++tile) {
      shapes.rows[tile] = static_cast<std::uint8_t>(tile < 6 ? kTileRows : n_pairs);
      shapes.row_bytes[tile] =
          static_cast<std::uint16_t>(tile == 4 || tile == 5 ? n_pairs * 4 : 64);
    }
    // GCC 12 does not know that all of it is read.
    __asm__ volatile("" : : "r"(&shapes) : "memory");
    _tile_loadconfig(&shapes);
  }
  ~HardwareTiles() { _tile_release(); }
  HardwareTiles(const HardwareTiles&) = delete;
  HardwareTiles& operator=(const HardwareTiles&) = delete;

  void clear() {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  template <int kRow>
  void load_weights(const float* from) {
    if constexpr (kRow == 0) _tile_loadd(4, from, weight_stride_);
    if constexpr (kRow == 1) _tile_loadd(5, from, weight_stride_);
  }
  template <int kPosition>
  void load_inputs(const float* from) {
    if constexpr (kPosition == 0) _tile_loadd(6, from, 64);
    if constexpr (kPosition == 1) _tile_loadd(7, from, 64);
  }
  template <int kRow, int kPosition>
  void multiply() {
    if constexpr (kRow == 0 && kPosition == 0) _tile_dpbf16ps(0, 4, 6);
    if constexpr (kRow == 0 && kPosition == 1) _tile_dpbf16ps(1, 4, 7);
    if constexpr (kRow == 1 && kPosition == 0) _tile_dpbf16ps(2, 5, 6);
    if constexpr (kRow == 1 && kPosition == 1) _tile_dpbf16ps(3, 5, 7);
  }
  template <int kRow, int kPosition>
  void store(float* to) {
    if constexpr (kRow == 0 && kPosition == 0) _tile_stored(0, to, 64);
    if constexpr (kRow == 0 && kPosition == 1) _tile_stored(1, to, 64);
    if constexpr (kRow == 1 && kPosition == 0) _tile_stored(2, to, 64);
    if constexpr (kRow == 1 && kPosition == 1) _tile_stored(3, to, 64);
  }
  void finish(const float* sums, std::int64_t n_channels, const float* bias, const TileEnd& end,
              std::int64_t at, float* out) {
    finish_sums_avx512(sums, n_channels, bias, end, at, out);
  }

 private:
  struct alignas(64) Shapes {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {};
    std::uint8_t rows[16] = {};
  };
  std::int64_t weight_stride_;  ///< bytes
};

void products_on_hardware(const TileTasks& tasks, std::int64_t n_channels, std::int64_t n_pairs,
                          std::int64_t weights_of_a_block, const float* in, const float* weight,
                          const TileEnd& end, float* out) {
  amx_products<HardwareTiles>(tasks, n_channels, n_pairs, weights_of_a_block, in, weight, end, out);
}

}  // namespace
}  // namespace ebm::nets
HWY_POP_ATTRIBUTES

#else  // HWY_ARCH_X86
#include "nets/compiled/amx_loops.h"
#endif  // HWY_ARCH_X86

namespace ebm::nets {
namespace {

/// Arrays in place of tiles.
class EmulatedTiles {
 public:
  explicit EmulatedTiles(std::int64_t n_pairs) : n_pairs_(n_pairs) {}

  void clear() { std::fill_n(&sums_[0][0][0], 4 * kSums, 0.0f); }
  template <int kRow>
  void load_weights(const float* from) {
    std::copy_n(from, kTileRows * n_pairs_, weights_[kRow]);
  }
  template <int kPosition>
  void load_inputs(const float* from) {
    std::copy_n(from, n_pairs_ * samplers::kLanes, inputs_[kPosition]);
  }
  template <int kRow, int kPosition>
  void multiply() {
    for (std::int64_t m = 0; m < kTileRows; ++m) {
      for (std::int64_t k = 0; k < n_pairs_; ++k) {
        const float* x = inputs_[kPosition] + k * samplers::kLanes;
        for (std::int64_t n = 0; n < samplers::kLanes; ++n) {
          const float w = weights_[kRow][m * n_pairs_ + k];
          float& sum = sums_[kRow][kPosition][m * samplers::kLanes + n];
          sum += lower(w) * lower(x[n]);
          sum += upper(w) * upper(x[n]);
        }
      }
    }
  }
  template <int kRow, int kPosition>
  void store(float* to) {
    std::copy_n(sums_[kRow][kPosition], kSums, to);
  }
  void finish(const float* sums, std::int64_t n_channels, const float* bias, const TileEnd& end,
              std::int64_t at, float* out) {
    for (std::int64_t i = 0; i < n_channels * samplers::kLanes; ++i) {
      const std::int64_t place = at * samplers::kLanes + i;
      float sum = sums[i];
      if (bias != nullptr) sum += bias[i / samplers::kLanes];
      if (end.adds) sum += out[place];
      if (end.derivative != nullptr) sum *= end.derivative[place];
      out[place] = sum;
    }
  }

 private:
  static constexpr std::int64_t kSums = kTileRows * samplers::kLanes;
  static float lower(float pair) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(pair) << 16);
  }
  static float upper(float pair) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(pair) & 0xFFFF0000U);
  }

  std::int64_t n_pairs_;
  float weights_[2][kTileRows * kTilePairs] = {};
  float inputs_[2][kTilePairs * samplers::kLanes] = {};
  float sums_[2][2][kSums] = {};
};

}  // namespace

void pair_products_amx(const TileTasks& tasks, std::int64_t n_channels, std::int64_t n_pairs,
                       std::int64_t weights_of_a_block, const float* in, const float* weight,
                       const TileEnd& end, float* out) {
#if HWY_ARCH_X86
  static const bool has_amx =
      samplers::runnable_bf16_units().front() == samplers::Bf16Unit::kAmxBf16;
  if (has_amx) {
    return products_on_hardware(tasks, n_channels, n_pairs, weights_of_a_block, in, weight, end,
                                out);
  }
#endif
  amx_products<EmulatedTiles>(tasks, n_channels, n_pairs, weights_of_a_block, in, weight, end, out);
}

std::int64_t amx_pairs(std::int64_t n_channels) {
  const std::int64_t n_pairs = (n_channels + 1) / 2;
  if (n_pairs <= kTilePairs) return n_pairs;
  return (n_pairs + kTilePairs - 1) / kTilePairs * kTilePairs;
}

void pack_tiles(const std::vector<float>& packed, std::int64_t n_channels, std::int64_t n_pairs,
                std::vector<float>& tiles) {
  const std::int64_t n_blocks = (n_channels + kChannelBlock - 1) / kChannelBlock;
  const std::int64_t places = static_cast<std::int64_t>(packed.size()) / (n_blocks * kChannelBlock);
  const std::int64_t n_tiles = (n_channels + kTileRows - 1) / kTileRows;
  const std::int64_t width = std::min(n_pairs, kTilePairs);
  tiles.assign(static_cast<std::size_t>(n_tiles * kTileRows * places), 0.0f);
  for (std::int64_t c = 0; c < n_channels; ++c) {
    for (std::int64_t place = 0; place < places; ++place) {
      const std::int64_t tile = c / kTileRows * (places / width) + place / width;
      tiles[static_cast<std::size_t>((tile * kTileRows + c % kTileRows) * width + place % width)] =
          packed[static_cast<std::size_t>((c / kChannelBlock * places + place) * kChannelBlock +
                                          c % kChannelBlock)];
    }
  }
}

}  // namespace ebm::nets
