#pragma once

#include <span>

namespace ebm::nets {

// A weight w as the product of a length and a direction: w = g·v/‖v‖ for each output channel, a row
// of the matrix [out, rest]. Sums are in double. Source: Salimans & Kingma 2016, "Weight
// normalization: a simple reparameterization to accelerate training of deep neural networks".

/// ‖v‖ of each row.
/// @param v      [rows, rest]
/// @param norms  [rows], written
void row_norms(std::span<const float> v, std::span<float> norms);

/// v becomes w = g·v/‖v‖ (eq. 2).
/// @param g  [rows]
/// @param v  [rows, rest]
/// @return whether every row of w is finite, as none is where v is 0
bool normalise_rows(std::span<const float> g, std::span<float> v);

/// The gradient with respect to v and g from that with respect to w, row by row (eq. 3):
///   ∂g = ⟨∂w, v⟩/‖v‖,  ∂v = (g/‖v‖)·(∂w − v·⟨∂w, v⟩/‖v‖²).
/// @param gradient  [rows, rest]: ∂w, becomes ∂v
/// @param of_g      [rows], written
void normalised_row_gradient(std::span<const float> g, std::span<const float> v,
                             std::span<float> gradient, std::span<float> of_g);

}  // namespace ebm::nets
