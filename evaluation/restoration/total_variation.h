#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "samplers/operators/linear_operator.h"

namespace ebm::evaluation {

struct TotalVariationOptions {
  double weight = 0.1;    ///< μ
  bool is_exact = false;  ///< the observation has no noise: A x = y holds
  std::int64_t n_steps = 500;
  float low = -1.0f, high = 1.0f;  ///< of every value
  int n_threads = 1;               ///< results do not depend on it

  /// @throws Error(kUsage) naming the option, its value and what would be right
  void validate() const;
};

/// The image in [low, high] of the least ½‖A x − y‖² + μ·Σ|∇x|, or of the least Σ|∇x| with A x = y:
/// what one restores by without a model. |∇x| is the length of the differences to the right and
/// below, of each channel; a primal-dual iteration from x = 0, with steps 1/√(8 + ‖A‖²).
/// @param y      [n, A.output_dim()]
/// @param shape  of an image
/// @return       [n, A.dim()]
/// Sources: Rudin, Osher & Fatemi 1992; Chambolle & Pock 2011, algorithm 1.
std::vector<float> total_variation_images(const samplers::LinearOperator& a,
                                          const std::vector<float>& y, const data::ItemShape& shape,
                                          const TotalVariationOptions& options);

}  // namespace ebm::evaluation
