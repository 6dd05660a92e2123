#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "samplers/simd/lane_count.h"

namespace ebm::samplers {

/// Shape of a state that is an image, [channels, height, width] in C order.
struct ImageShape {
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;

  std::int64_t size() const { return channels * height * width; }
};

/// A linear map A of a state x to what is observed of it, y = A x, for one block of 16 chains at a
/// time. Immutable and shared by threads; scratch is the caller's, so that neither function
/// allocates.
class LinearOperator {
 public:
  virtual ~LinearOperator() = default;
  virtual std::int64_t dim() const = 0;         ///< values of x
  virtual std::int64_t output_dim() const = 0;  ///< values of A x
  /// Floats of `scratch` that apply and adjoint take.
  virtual std::int64_t scratch_size() const { return 0; }
  /// y = A x.
  /// @param x  [dim, kLanes], 64-byte aligned like all others
  /// @param y  [output_dim, kLanes], written
  virtual void apply(const float* x, float* y, float* scratch) const = 0;
  /// g = Aᵀ r.
  /// @param r  [output_dim, kLanes]
  /// @param g  [dim, kLanes], written
  virtual void adjoint(const float* r, float* g, float* scratch) const = 0;
};

/// A x of row-major states.
/// @param rows  [n, A.dim()]
/// @return      [n, A.output_dim()]
/// @throws Error(kShape) for rows of another size
std::vector<float> apply_to_rows(const LinearOperator& a, std::span<const float> rows,
                                 int n_threads = 1);

/// ‖A‖₂², the largest eigenvalue of AᵀA, by 50 power iterations from a fixed start: from below, to
/// about a percent.
double squared_norm(const LinearOperator& a);

}  // namespace ebm::samplers
