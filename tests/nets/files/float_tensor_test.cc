#include "nets/files/float_tensor.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.h"
#include "tests/nets/expect_error.h"
#include "tests/nets/files/raw_tensor.h"

namespace ebm::nets {
namespace {

TEST(FloatTensorTest, HalfPrecisionIsExact) {
  // IEEE 754-2008, table 3.5 of binary16: smallest subnormal 2⁻²⁴, largest subnormal 2⁻¹⁴ − 2⁻²⁴,
  // smallest normal 2⁻¹⁴, largest 65504.
  EXPECT_EQ(half_value(0x0001), 0x1p-24f);
  EXPECT_EQ(half_value(0x03ff), 0x1p-14f - 0x1p-24f);
  EXPECT_EQ(half_value(0x0400), 0x1p-14f);
  EXPECT_EQ(half_value(0x3555), 0.333251953125f);
  EXPECT_EQ(half_value(0x3c00), 1.0f);
  EXPECT_EQ(half_value(0x7bff), 65504.0f);
  EXPECT_EQ(half_value(0xfbff), -65504.0f);
  EXPECT_EQ(half_value(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_EQ(half_value(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(half_value(0x7e00)));
  EXPECT_EQ(half_value(0x8000), 0.0f);
  EXPECT_TRUE(std::signbit(half_value(0x8000)));
  // In between, values rise by the same steps as the bits do within a power of two.
  for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) {
    const float step = std::max(std::ldexp(1.0f, static_cast<int>(bits >> 10) - 25), 0x1p-24f);
    ASSERT_EQ(half_value(static_cast<std::uint16_t>(bits + 1)) -
                  half_value(static_cast<std::uint16_t>(bits)),
              step)
        << bits;
  }
}

TEST(FloatTensorTest, Bfloat16IsTheUpperHalf) {
  EXPECT_EQ(bfloat16_value(0x3f80), 1.0f);
  EXPECT_EQ(bfloat16_value(0xc040), -3.0f);
  EXPECT_EQ(bfloat16_value(0x0001), 0x1p-133f);  // a subnormal of both
  EXPECT_EQ(bfloat16_value(0x7f7f), 0x1.fep127f);
  EXPECT_TRUE(std::isinf(bfloat16_value(0x7f80)));
}

TEST(FloatTensorTest, DoublePrecisionIsRoundedToTheNearestTiesToEven) {
  const std::vector<double> given = {0.1,
                                     1.0 + 0x1p-24,            // a tie, 1 is even
                                     1.0 + 0x1p-23 + 0x1p-24,  // a tie, 1 + 2⁻²² is even
                                     1.0 + 0x1p-24 + 0x1p-50,  // above the tie
                                     0x1p-149,                 // the smallest subnormal
                                     0x1p-150,                 // a tie, 0 is even
                                     0x1.000001p-150,          // above the tie
                                     -0x1p-151,                // -0
                                     0x1.fffffep127};
  const std::vector<float> expected = {0.1f, 1.0f,      1.0f + 0x1p-22f, 1.0f + 0x1p-23f, 0x1p-149f,
                                       0.0f, 0x1p-149f, -0.0f,           0x1.fffffep127f};
  const TensorData found = to_float32(raw_tensor(DType::kF64, given.data(), 8 * given.size()), "w");
  const auto values = found.as_floats();
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>(expected[i]))
        << given[i];
  }
}

TEST(FloatTensorTest, WhatFloat32CannotHoldIsNamed) {
  const double large = 1e300, nan = std::nan("");
  expect_error(ErrorCode::kBadData, "tensor \"w\" holds 1e+300, which float32 cannot hold",
               [&] { to_float32(raw_tensor(DType::kF64, &large, 8), "w"); });
  expect_error(ErrorCode::kBadData, "holds nan; expected finite weights",
               [&] { to_float32(raw_tensor(DType::kF64, &nan, 8), "w"); });
  const std::uint16_t half_inf = 0x7c00, brain_nan = 0xffc0;
  expect_error(ErrorCode::kBadData, "holds inf; expected finite weights",
               [&] { to_float32(raw_tensor(DType::kF16, &half_inf, 2), "w"); });
  expect_error(ErrorCode::kBadData, "nan; expected finite weights",
               [&] { to_float32(raw_tensor(DType::kBF16, &brain_nan, 2), "w"); });
  const std::int64_t whole = 1;
  expect_error(ErrorCode::kBadData, "tensor \"w\" has dtype I64; weights must be F32",
               [&] { to_float32(raw_tensor(DType::kI64, &whole, 8), "w"); });
}

}  // namespace
}  // namespace ebm::nets
