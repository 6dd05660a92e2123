#include "samplers/operators/linear_operator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/aligned_vector.h"
#include "samplers/operators/blur.h"
#include "samplers/operators/downsample.h"
#include "samplers/operators/identity.h"
#include "samplers/operators/mask.h"
#include "samplers/operators/product_operator.h"
#include "samplers/operators/projection.h"
#include "samplers/operators/sparse_operator.h"
#include "tests/samplers/message_of.h"
#include "tests/samplers/on_every_target.h"
#include "tests/samplers/operators/operator_cases.h"

namespace ebm::samplers {
namespace {

class LinearOperatorTest : public testing::TestWithParam<OperatorCase> {
 protected:
  const LinearOperator& a() const { return *GetParam().a; }
};

/// Numbers in (−1, 1) that differ in every place and chain.
base::AlignedVector<float> lanes_of(std::int64_t n, double phase) {
  base::AlignedVector<float> values(static_cast<std::size_t>(n * kLanes));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(std::sin(phase + 1.3 * static_cast<double>(i * i % 997)));
  }
  return values;
}

double value_at(const base::AlignedVector<float>& lanes, std::int64_t d, std::int64_t lane) {
  return lanes[static_cast<std::size_t>(d * kLanes + lane)];
}

TEST_P(LinearOperatorTest, AppliesItsMatrixAndTheTranspose) {
  on_every_target([&] {
    const auto x = lanes_of(a().dim(), 0.1), r = lanes_of(a().output_dim(), 0.7);
    base::AlignedVector<float> y(r.size(), NAN), g(x.size(), NAN);
    base::AlignedVector<float> scratch(static_cast<std::size_t>(a().scratch_size()), NAN);
    a().apply(x.data(), y.data(), scratch.data());
    a().adjoint(r.data(), g.data(), scratch.data());
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      for (std::int64_t i = 0; i < a().output_dim(); ++i) {
        double right = 0;
        for (std::int64_t d = 0; d < a().dim(); ++d) {
          right += GetParam().weight(i, d) * value_at(x, d, lane);
        }
        EXPECT_NEAR(value_at(y, i, lane), right, 1e-6) << "row " << i << ", lane " << lane;
      }
      for (std::int64_t d = 0; d < a().dim(); ++d) {
        double right = 0;
        for (std::int64_t i = 0; i < a().output_dim(); ++i) {
          right += GetParam().weight(i, d) * value_at(r, i, lane);
        }
        EXPECT_NEAR(value_at(g, d, lane), right, 1e-6) << "column " << d << ", lane " << lane;
      }
    }
  });
}

TEST_P(LinearOperatorTest, AdjointMovesFromOneSideOfAProductToTheOther) {
  const auto x = lanes_of(a().dim(), 2.0), r = lanes_of(a().output_dim(), 3.0);
  base::AlignedVector<float> y(r.size()), g(x.size());
  base::AlignedVector<float> scratch(static_cast<std::size_t>(a().scratch_size()));
  a().apply(x.data(), y.data(), scratch.data());
  a().adjoint(r.data(), g.data(), scratch.data());
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    double left = 0, right = 0;
    for (std::int64_t i = 0; i < a().output_dim(); ++i) {
      left += value_at(y, i, lane) * value_at(r, i, lane);
    }
    for (std::int64_t d = 0; d < a().dim(); ++d) {
      right += value_at(x, d, lane) * value_at(g, d, lane);
    }
    EXPECT_NEAR(left, right, 1e-5 * (1 + std::abs(left))) << "lane " << lane;
  }
}

TEST_P(LinearOperatorTest, AppliesToRows) {
  std::vector<float> rows;  // 37: two full blocks and a ragged one
  for (std::int64_t i = 0; i < 37 * a().dim(); ++i) {
    rows.push_back(static_cast<float>(std::cos(0.3 * static_cast<double>(i * i % 1009))));
  }
  const std::vector<float> y = apply_to_rows(a(), rows, 2);
  ASSERT_EQ(y.size(), static_cast<std::size_t>(37 * a().output_dim()));
  for (std::int64_t n = 0; n < 37; ++n) {
    for (std::int64_t i = 0; i < a().output_dim(); ++i) {
      double right = 0;
      for (std::int64_t d = 0; d < a().dim(); ++d) {
        right +=
            GetParam().weight(i, d) * double{rows[static_cast<std::size_t>(n * a().dim() + d)]};
      }
      EXPECT_NEAR(y[static_cast<std::size_t>(n * a().output_dim() + i)], right, 1e-6);
    }
  }
  rows.pop_back();
  message_of(ErrorCode::kShape, [&] { apply_to_rows(a(), rows); });
}

INSTANTIATE_TEST_SUITE_P(, LinearOperatorTest, testing::ValuesIn(operator_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(SquaredNormTest, IsTheLargestEigenvalue) {
  // Means of 4 equal entries: AᵀA has the eigenvalue 1/4. A mask and x itself have 1; a blur leaves
  // constant images as they are, the most it can where nothing is renormalised at the edges.
  EXPECT_NEAR(squared_norm(*downsample_operator({1, 4, 6}, 2)), 0.25, 1e-5);
  EXPECT_NEAR(squared_norm(*identity_operator(5)), 1.0, 1e-5);
  const std::vector<float> diagonal{2, 0, 0, 0, -3, 0};
  EXPECT_NEAR(squared_norm(*projection_operator(2, 3, diagonal)), 9.0, 1e-4);
}

TEST(OperatorsTest, RefuseWhatDoesNotFit) {
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    downsample_operator({1, 28, 28}, 5);
                                  }),
                       "downsample = 5: must divide the height 28 and the width 28"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    downsample_operator({1, 28, 28}, 1);
                                  }),
                       "downsample = 1"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    blur_operator({1, 28, 28}, 8.0);
                                  }),
                       "blur = 8: must be at most 7 pixels"));
  EXPECT_TRUE(contains(message_of(ErrorCode::kUsage,
                                  [] {
                                    blur_operator({1, 28, 28}, 0.0);
                                  }),
                       "blur = 0"));
  const std::vector<std::uint8_t> all(9, 1);
  EXPECT_TRUE(
      contains(message_of(ErrorCode::kUsage, [&] { mask_operator(all); }), "hides everything"));
  const std::vector<float> six(6), nan{1, std::numeric_limits<float>::quiet_NaN()};
  message_of(ErrorCode::kShape, [&] { projection_operator(2, 4, six); });
  message_of(ErrorCode::kUsage, [&] { projection_operator(1, 2, nan); });
  message_of(ErrorCode::kUsage, [] { SparseOperator(2, {{{.column = 2, .weight = 1.0f}}}); });
  message_of(ErrorCode::kShape,
             [] { ProductOperator(identity_operator(3), identity_operator(4)); });
}

}  // namespace
}  // namespace ebm::samplers
