#pragma once

#include <span>

namespace ebm::nets {

/// σ = uᵀWv, summed in double.
/// @param weight  W [out, in], row by row
/// @param u       [out]
/// @param v       [in]
double singular_value(std::span<const float> weight, std::span<const float> u,
                      std::span<const float> v);

/// One power iteration: v <- Wᵀu/‖Wᵀu‖, then u <- Wv/‖Wv‖, with sums in double.
/// Source: Miyato et al. 2018, algorithm 1.
void power_iteration(std::span<const float> weight, std::span<float> u, std::span<float> v);

/// x/(‖x‖ + 10⁻¹²), so that zeros stay zeros.
void make_unit(std::span<float> x);

}  // namespace ebm::nets
