#pragma once

#include <cstdint>

#include "training/tensor_views.h"

namespace ebm::training {

/// θ̄ <- d·θ̄ + (1 − d)·θ, d = min(decay, (1 + t)/(10 + t)), so that the first iterations, which
/// start from noise, are soon forgotten.
/// @param iteration  t, the number of iterations made, 1 after the first
void update_average(const TensorViews& values, std::int64_t iteration, double decay,
                    const TensorViews& average);

}  // namespace ebm::training
