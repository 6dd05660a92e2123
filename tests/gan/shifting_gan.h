#pragma once

#include <cstdint>
#include <vector>

#include "gan/gan_model.h"

namespace ebm::gan {

inline constexpr std::int64_t kShiftingLatents = 2;

/// G(z) = z and E_critic(x) = −x₁: the latents' density is N((1, 0), I).
inline GanModel shifting_gan() {
  GanModel model;
  model.generator = {.name = "g",
                     .input = {kShiftingLatents, 1, 1},
                     .layers = {nets::Linear{.out_features = kShiftingLatents}}};
  model.critic = {
      .name = "d", .input = {kShiftingLatents, 1, 1}, .layers = {nets::Linear{.out_features = 1}}};
  using nets::TensorData;
  model.generator_weights.tensors.emplace(
      "0.weight", TensorData::from_floats({2, 2}, std::vector<float>{1.0f, 0.0f, 0.0f, 1.0f}));
  model.generator_weights.tensors.emplace(
      "0.bias", TensorData::from_floats({2}, std::vector<float>{0.0f, 0.0f}));
  model.critic_weights.tensors.emplace(
      "0.weight", TensorData::from_floats({1, 2}, std::vector<float>{-1.0f, 0.0f}));
  model.critic_weights.tensors.emplace("0.bias",
                                       TensorData::from_floats({1}, std::vector<float>{0.0f}));
  model.origin = "test";
  return model;
}

}  // namespace ebm::gan
