#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>

#include "nets/architecture/presets.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// A preset, and as many rows as its tests take: LibTorch is slow in double precision.
struct PresetCase {
  const char* name;
  nets::Shape input;
  std::int64_t n_rows;

  friend std::ostream& operator<<(std::ostream& out, const PresetCase& each) {
    return out << each.name;
  }
};

inline constexpr PresetCase kPresetCases[] = {
    {"uva", {1, 28, 28}, 37},          {"uva-wide", {1, 28, 28}, 20}, {"mnistnet", {1, 28, 28}, 3},
    {"igebm32", {3, 16, 16}, 1},  // a quarter of its image: every layer is there
    {"dcgan", {1, 28, 28}, 5},         {"unet", {1, 28, 28}, 5},      {"unet-1m", {1, 8, 8}, 3},
    {"unet-attention", {1, 12, 8}, 5}, {"mlp", {2, 1, 1}, 40},
};

/// A name for GoogleTest.
std::string test_name(const testing::TestParamInfo<PresetCase>& info);

// The compiled network of a LibTorch one, on every SIMD target of the machine, against LibTorch in
// double precision (rounding_limit.h).
//   rows     [n, dim]
//   context  [n, context_dim], where the network has conditions

/// Energies and input gradients.
void expect_exact(const TorchNet& net, const torch::Tensor& rows,
                  const torch::Tensor& context = {});

/// The gradient of Σ_b c_b·E(x_b) with respect to the layer weights, c from −1 to 0.7.
void expect_exact_gradient(const TorchNet& net, const torch::Tensor& rows,
                           const torch::Tensor& context = {});

/// That of Σ_b v_b·∇ₓE(x_b), by double backward, and each v_b·∇ₓE(x_b); energies and ∇ₓE with the
/// bits of the evaluator, under conditions ∇ₓE but for rounding.
/// @param directions  [n, dim], the v_b
void expect_exact_mixed(const TorchNet& net, const torch::Tensor& rows,
                        const torch::Tensor& directions, const torch::Tensor& context = {});

/// That of Σ_b c_b·E + v_b·∇ₓE + w_b·∂E/∂ln σ with c, w from −1 to 0.7, of a network that reads a
/// noise level, and the last two terms of each row; ∂E/∂ln σ as a function of the row, too.
void expect_exact_level(const TorchNet& net, const torch::Tensor& rows,
                        const torch::Tensor& directions, const torch::Tensor& context);

/// The gradient of Σ_b v_bᵀ∇²E(x_b)v_b times 0.7, and each of these, and v_b·∇E(x_b).
void expect_exact_curvature(const TorchNet& net, const torch::Tensor& rows,
                            const torch::Tensor& directions, const torch::Tensor& context = {});

}  // namespace ebm::torch_nets
