#pragma once

#include <cstdint>
#include <vector>

#include "nets/architecture/layer.h"
#include "nets/compiled/tile_tasks.h"

namespace ebm::nets {

/// A convolution by F(4x4, rxr): of every tile of 4x4 outputs,
///
///     Y = Aᵀ [Σ_c (G g_c Gᵀ) ⊙ (Bᵀ d_c B)] A
///
/// with kernels g of r taps and inputs d of n = r + 3 along an axis, so that a tile takes n²
/// products of a pair of channels in place of 16 r². The matrices stand for polynomials of degree n
/// − 1 known at n − 1 points and ∞: Aᵀ evaluates, G evaluates the kernel and divides, Bᵀ holds the
/// coefficients of the Lagrange polynomials. Source: Lavin & Gray 2016, Fast algorithms for
/// convolutional neural networks, section 4.
///
/// - A 3x3 kernel of stride 1: r = 3 and n = 6, 36 products for 144.
/// - A kernel of 3 or 4 taps and stride 2 is a sum of four convolutions of stride 1, one per phase
///   of the input (rows and columns modulo 2), of r = 2 taps each: n = 5, 25 products for 64. The
///   phases of the input are channels side by side. Backwards, where phases of the result are, four
///   results come from the same transformed inputs.
///
/// Tiles are transformed in groups: their inputs are [n²][group][in_channels], and of `chunk`
/// output channels of one phase at a time the sums are [n²][group][chunk], 16 chains in lanes as
/// everywhere.
struct Winograd {
  Shape in, out;
  bool backwards = false;  ///< of a convolution: the gradient of its input
  std::int64_t kernel_height = 3, kernel_width = 3;  ///< of the convolution
  std::int64_t stride = 1;                           ///< of the convolution
  /// Zeros before the input; if negative, what of it is left out.
  std::int64_t top = 0, left = 0;
  /// What of phase 0 of the result lies before it, one value at most.
  std::int64_t out_top = 0, out_left = 0;
  /// Whether the tiles of phase 0 begin behind that, with inputs of their own: where this makes for
  /// fewer tiles.
  bool skips_row = false, skips_column = false;
  std::int64_t tile_rows = 0, tile_columns = 0;
  std::int64_t group = 0;
  std::int64_t chunk = 0;
  TileTasks products;  ///< of one of the n² points of a group: the input channels in parts

  std::int64_t taps() const { return stride == 1 ? 3 : 2; }    ///< r
  std::int64_t patch() const { return kTile + taps() - 1; }    ///< n
  std::int64_t n_points() const { return patch() * patch(); }  ///< n²
  std::int64_t n_tiles() const { return tile_rows * tile_columns; }
  /// Phases along an axis, as distances of values that are neighbours within one.
  std::int64_t in_step() const { return backwards ? 1 : stride; }
  std::int64_t out_step() const { return backwards ? stride : 1; }
  std::int64_t in_channels() const { return in.channels * in_step() * in_step(); }  ///< of phases
  std::int64_t out_phases() const { return out_step() * out_step(); }
  /// Lanes of memory that it takes while it runs: inputs, sums, and zeros for outside the border.
  std::int64_t scratch() const {
    return n_points() * group * (in_channels() + chunk) + in.channels;
  }

  static constexpr std::int64_t kTile = 4;  ///< outputs along an axis
  /// The points are ±a and ±b, and 0 where r = 3. With a = 1 and b = 2, as usual for r = 3,
  /// rounding costs four times as much, the largest error of 128 channels being 7e-6 of the largest
  /// output: 2e-6 with these, and 1e-6 by direct sums. All entries of Aᵀ and Bᵀ are floats, so that
  /// only G rounds.
  static constexpr float point_a(std::int64_t taps) { return taps == 3 ? 0.75f : 0.5f; }
  static constexpr float point_b(std::int64_t taps) { return taps == 3 ? 1.5f : 1.0f; }
};

bool is_winograd(const Conv2d& conv);

/// y = conv(x). @param conv  is_winograd()
Winograd forward_winograd(const Conv2d& conv, const Shape& in, const Shape& out);

/// ∂x from ∂y: the convolution with the kernels turned by 180° and transposed.
Winograd backward_winograd(const Conv2d& conv, const Shape& in, const Shape& out);

/// Constants of the model of time, in units of one product of 16 chains in float32.
struct ProductCosts {
  double direct = 1.0;       ///< of one product, or of one of pairs, by tiles
  double weight_read = 1.0;  ///< of reading a transformed weight once more
};

/// Measured on an AMD Zen 4: vdpbf16ps on tiles at borders, where few positions share a weight,
/// included; its distant cache is nearer than that of the processor that float32 was modelled on.
inline constexpr ProductCosts kAvx512Bf16Costs{.direct = 1.2, .weight_read = 0.5};

/// Whether it takes less time than the tiles that compute the same directly.
bool is_faster(const Winograd& winograd, const TileTasks& direct, const ProductCosts& costs = {});

/// G g Gᵀ of the convolution's weights [out, in, kh, kw], in double precision and rounded once, in
/// the order in which they are read: [chunk][n²][part of the inputs][block of the chunk][inputs of
/// the part][8], the last block filled with zeros.
/// @param packed  empty, or of the same convolution: then its memory is used again
void pack_winograd(const Winograd& winograd, const float* weight, std::vector<float>& packed);

}  // namespace ebm::nets
