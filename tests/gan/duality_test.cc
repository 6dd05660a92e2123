#include "gan/duality.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::gan {
namespace {

data::Dataset points(std::vector<float> values, std::int64_t dim = 1) {
  data::Dataset dataset;
  dataset.name = "points";
  dataset.n = static_cast<std::int64_t>(values.size()) / dim;
  dataset.shape = {dim, 1, 1};
  dataset.values = std::move(values);
  dataset.is_image = false;
  return dataset;
}

DualityOptions quick(Cost cost) {
  return {.cost = cost, .critic = {.n_iterations = 1, .batch_size = 4}};
}

// 0 goes to 1 and 0 goes to 2.
TEST(DualityTest, EuclideanFormsAgree) {
  const Duality found = measure_duality(points({0, 0}), points({2, 1}), quick(Cost::kEuclidean));
  EXPECT_EQ(found.n, 2);
  EXPECT_EQ(found.dim, 1);
  EXPECT_NEAR(found.transport.primal, 1.5, 1e-6);
  EXPECT_NEAR(found.one_function, 1.5, 1e-6);
  EXPECT_NEAR(found.closed_form.value(), 1.5, 1e-6);
  EXPECT_TRUE(found.penalised);
  EXPECT_TRUE(found.held);
}

// (1² + 2²)/2 by a plan; f(0) − f(2) is at most 1² + 1², by way of the point at 1.
TEST(DualityTest, OneFunctionFallsShortOfASquaredCost) {
  const Duality found = measure_duality(points({0, 0}), points({2, 1}), quick(Cost::kSquared));
  EXPECT_NEAR(found.transport.primal, 2.5, 1e-6);
  EXPECT_NEAR(found.closed_form.value(), 2.5, 1e-6);
  EXPECT_NEAR(found.one_function, 1.5, 1e-6);
  EXPECT_FALSE(found.penalised);
  EXPECT_FALSE(found.held);
}

TEST(DualityTest, PointsOfThePlaneHaveNoClosedForm) {
  const Duality found =
      measure_duality(points({0, 0, 1, 0}, 2), points({0, 3, 1, 3}, 2), quick(Cost::kSquared));
  EXPECT_EQ(found.dim, 2);
  EXPECT_NEAR(found.transport.primal, 9.0, 1e-6);
  EXPECT_FALSE(found.closed_form);
}

TEST(DualityTest, AsManyRowsAreTakenAsBothHaveUpTo256) {
  const std::vector<float> many(300, 1.0f);
  EXPECT_EQ(measure_duality(points(many), points(many), quick(Cost::kSquared)).n, 256);
  EXPECT_EQ(measure_duality(points(many), points({1, 2, 3}), quick(Cost::kSquared)).n, 3);
  DualityOptions two = quick(Cost::kSquared);
  two.n = 2;
  EXPECT_EQ(measure_duality(points(many), points({1, 2, 3}), two).n, 2);
  two.n = 4;
  nets::expect_error(ErrorCode::kUsage, "n = 4: must be from 1 to 3", [&] {
    measure_duality(points(many), points({1, 2, 3}), two);
  });
}

TEST(DualityTest, ItemsHaveOneShape) {
  nets::expect_error(ErrorCode::kShape, "points has items of shape 2x1x1", [] {
    measure_duality(points({0, 1}), points({0, 1}, 2), quick(Cost::kSquared));
  });
}

}  // namespace
}  // namespace ebm::gan
