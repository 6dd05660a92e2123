#pragma once

#include <cstdint>
#include <vector>

#include "nets/layer.h"
#include "nets/tile_tasks.h"

namespace ebm::nets {

/// A 3x3 convolution of stride 1 by F(4x4, 3x3): of every tile of 4x4 outputs,
///
///     Y = Aᵀ [Σ_c (G g_c Gᵀ) ⊙ (Bᵀ d_c B)] A
///
/// with kernels g and inputs d of 6x6, so that a tile takes 36 products of a pair of channels in
/// place of 144. The matrices stand for polynomials of degree 5 known at the points 0, ±a, ±b and
/// ∞: Aᵀ evaluates, G evaluates the kernel and divides, Bᵀ holds the coefficients of the Lagrange
/// polynomials.
/// Source: Lavin & Gray 2016, Fast algorithms for convolutional neural networks, section 4.
///
/// Tiles are transformed in groups: their inputs are [36][group][in channels], and of `chunk`
/// output channels at a time the sums are [36][group][chunk], 16 chains in lanes as everywhere.
struct Winograd {
  Shape in, out;
  std::int64_t top = 0, left = 0;  ///< zeros before the input; if negative, what of it is left out
  std::int64_t tile_rows = 0, tile_columns = 0;
  std::int64_t group = 0;
  std::int64_t chunk = 0;
  TileTasks products;  ///< of one of the 36 points of a group: the input channels in parts

  std::int64_t n_tiles() const { return tile_rows * tile_columns; }
  /// Lanes of memory that it takes while it runs: inputs, sums, and zeros for outside the border.
  std::int64_t scratch() const { return kPoints * group * (in.channels + chunk) + in.channels; }

  static constexpr std::int64_t kTile = 4;     ///< outputs along an axis
  static constexpr std::int64_t kPatch = 6;    ///< inputs and points along an axis
  static constexpr std::int64_t kPoints = 36;  ///< of both axes
  /// ±a and ±b. The usual 1 and 2 lose four times as much to rounding, the largest error of 128
  /// channels being 7e-6 of the largest output: 2e-6 with these, and 1e-6 by direct sums. All
  /// entries of Aᵀ and Bᵀ are floats, so that only G rounds.
  static constexpr float kA = 0.75f, kB = 1.5f;
};

bool is_winograd(const Conv2d& conv);

/// y = conv(x). @param conv  is_winograd()
Winograd forward_winograd(const Conv2d& conv, const Shape& in, const Shape& out);

/// ∂x from ∂y: the convolution with the kernels turned by 180° and transposed.
Winograd backward_winograd(const Conv2d& conv, const Shape& in, const Shape& out);

/// Whether it takes less time than the tiles that compute the same directly, by a model in units of
/// one product of 16 chains.
bool is_faster(const Winograd& winograd, const TileTasks& direct);

/// G g Gᵀ of weights [out, in, 3, 3], in double precision and rounded once, in the order in which
/// they are read: [chunk][36][part of the inputs][block of the chunk][inputs of the part][8], the
/// last block filled with zeros. @param winograd  forward_winograd()
std::vector<float> pack_forward(const Winograd& winograd, const float* weight);

/// The same with inputs and outputs exchanged and kernels turned.
/// @param winograd  backward_winograd()
std::vector<float> pack_backward(const Winograd& winograd, const float* weight);

}  // namespace ebm::nets
