#include "nets/files/read_layer_weights.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

const Architecture kNet{"", {2, 1, 1}, {Linear{1, false, true}}};

/// W = (w0, w1) with u = 1 and v = (1, 0), so that uᵀWv = w0.
SafetensorsFile weights(float w0, float w1) {
  const std::vector<float> w{w0, w1}, u{1.0f}, v{1.0f, 0.0f};
  SafetensorsFile file;
  file.tensors["0.parametrizations.weight.original"] = TensorData::from_floats({1, 2}, w);
  file.tensors["0.parametrizations.weight.0._u"] = TensorData::from_floats({1}, u);
  file.tensors["0.parametrizations.weight.0._v"] = TensorData::from_floats({2}, v);
  return file;
}

TEST(ReadLayerWeightsTest, DividesByTheSpectralNorm) {
  EXPECT_EQ(read_layer_weights(kNet, weights(4.0f, 6.0f), "m"),
            (LayerWeights{std::vector<float>{1.0f, 1.5f}}));
}

TEST(ReadLayerWeightsTest, ASpectralNormThatNothingCanBeDividedByIsRefused) {
  // 1e-40 is no normal float, but a normal double: only the quotient is too large.
  for (const auto& file : {weights(0.0f, 1.0f), weights(0.0f, 0.0f), weights(1e-40f, 1.0f)}) {
    expect_error(ErrorCode::kBadData,
                 "m: tensor 0.parametrizations.weight.original has the spectral norm ",
                 [&] { read_layer_weights(kNet, file, "m"); });
  }
}

TEST(ReadLayerWeightsTest, WhatDoesNotFitIsNamed) {
  SafetensorsFile file = weights(1.0f, 1.0f);
  file.tensors["1.bias"] = TensorData::from_floats({1}, std::vector<float>{1.0f});
  expect_error(ErrorCode::kBadData, "m: tensor 1.bias belongs to no layer",
               [&] { read_layer_weights(kNet, file, "m"); });
  file = weights(1.0f, 1.0f);
  file.tensors.erase("0.parametrizations.weight.0._u");
  expect_error(ErrorCode::kBadData, "m: tensor 0.parametrizations.weight.0._u is missing",
               [&] { read_layer_weights(kNet, file, "m"); });
}

}  // namespace
}  // namespace ebm::nets
