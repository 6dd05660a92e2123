#include "evaluation/restoration/baselines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "evaluation/restoration/bicubic.h"
#include "evaluation/restoration/total_variation.h"
#include "evaluation/restoration/training_baselines.h"
#include "samplers/operators/identity.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using Rows = std::vector<float>;

data::Dataset images(const Rows& rows, const data::ItemShape& shape) {
  return {.name = "images",
          .n = static_cast<std::int64_t>(rows.size()) / shape.size(),
          .shape = shape,
          .values = rows,
          .labels = {},
          .class_names = {}};
}

// Of a step from level a (n values) to b (m values), ½‖x − y‖² + μ·|difference| moves the levels
// towards each other by μ/n and μ/m: the derivative n·(x − a) = ±μ.
TEST(TotalVariationTest, MovesTheLevelsOfAStepByWeightOverLength) {
  Rows y(10, -0.5f);
  std::fill(y.begin() + 6, y.end(), 0.75f);
  y.insert(y.end(), {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f});
  const Rows x = total_variation_images(*samplers::identity_operator(10), y, {1, 1, 10},
                                        {.weight = 0.3, .n_steps = 3000});
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(x[i], i < 6 ? -0.5 + 0.3 / 6 : 0.75 - 0.3 / 4, 1e-4) << i;
    EXPECT_NEAR(x[10 + i], 0.5, 1e-4) << i;
  }
}

TEST(TotalVariationTest, IsTheShortestLineThatFitsAnExactObservation) {
  // Ends are seen, what is between them is hidden: any monotone line has the least variation, and
  // two seen levels that are equal leave one solution.
  const ObservationOperator mask = observation_operator("mask=box:1,0,6,1", {1, 1, 8});
  const Rows x = total_variation_images(*mask.a, {0.25f, 0.25f, -0.5f, 0.5f}, {1, 1, 8},
                                        {.is_exact = true, .n_steps = 5000});
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(x[i], 0.25, 1e-3) << i;
  EXPECT_NEAR(x[8], -0.5, 1e-3);
  EXPECT_NEAR(x[15], 0.5, 1e-3);
  for (std::size_t i = 8; i < 15; ++i) EXPECT_LE(x[i], x[i + 1] + 1e-3f) << i;
}

TEST(TotalVariationTest, DoesNotDependOnThreadsAndStaysInRange) {
  Rows y;
  for (int i = 0; i < 40 * 12; ++i) y.push_back(static_cast<float>(2 * std::sin(0.9 * i * i)));
  const auto a = samplers::identity_operator(12);
  const Rows one = total_variation_images(*a, y, {1, 3, 4}, {.n_threads = 1});
  EXPECT_EQ(total_variation_images(*a, y, {1, 3, 4}, {.n_threads = 3}), one);
  for (const float value : one) EXPECT_LE(std::abs(value), 1.0f);
  nets::expect_error(ErrorCode::kUsage, "weight", [&] {
    total_variation_images(*a, y, {1, 3, 4}, {.weight = 0.0});
  });
}

TEST(BicubicTest, ReproducesALineAndWeighsFourPixels) {
  // A line along x, constant along y; away from the edges, cubic convolution gives it back.
  Rows small;
  for (int i = 0; i < 2 * 8; ++i) small.push_back(0.1f * static_cast<float>(i % 8) - 0.3f);
  const Rows large = bicubic_images(small, {1, 2, 8}, 2);
  ASSERT_EQ(large.size(), 4u * 16u);
  for (std::size_t y = 0; y < 4; ++y) {
    for (std::size_t x = 4; x < 12; ++x) {
      EXPECT_NEAR(large[y * 16 + x], 0.1 * ((static_cast<double>(x) + 0.5) / 2 - 0.5) - 0.3, 1e-6);
    }
  }
  // A single bright pixel, read a quarter away: 1.5/64 − 2.5/16 + 1; at 3/4, 5/4 and 7/4 the
  // others.
  const Rows peak = bicubic_images({0, 0, 0, 1, 0, 0, 0}, {1, 1, 7}, 2);
  const double quarter[] = {0.8671875, 0.2265625, -0.0703125, -0.0234375};
  for (std::size_t x = 0; x < 14; ++x) {
    const double distance = std::abs((static_cast<double>(x) + 0.5) / 2 - 0.5 - 3);
    const double right =
        distance < 2 ? quarter[static_cast<std::size_t>((distance - 0.25) / 0.5)] : 0;
    EXPECT_NEAR(peak[x], right, 1e-6) << x;
  }
}

TEST(TrainingBaselinesTest, AreTheMeanAndTheNearestInWhatIsObserved) {
  const data::ItemShape shape{1, 1, 2};
  const data::Dataset training = images({0, 1, 0.5f, -1, 0.5f, 0, -0.5f, 0}, shape);
  // Only the first value is seen: 0.4 is nearest to 0.5 (images 1 and 2, the first of equals comes
  // first), then 0.
  const ObservationOperator mask = observation_operator("mask=box:1,0,1,1", shape);
  const TrainingBaselines found = training_baselines(mask, {0.4f, -0.9f}, training, 3, 2);
  EXPECT_EQ(found.mean, (Rows{0.125f, 0.0f}));
  EXPECT_EQ(found.indices, (std::vector<std::int64_t>{1, 2, 0, 3, 0, 1}));
  EXPECT_EQ(found.nearest, (Rows{0.5f, -1, 0.5f, 0, 0, 1, -0.5f, 0, 0, 1, 0.5f, -1}));
  nets::expect_error(ErrorCode::kShape, "holds 4 images; must be at least the 5 nearest",
                     [&] { training_baselines(mask, {0.4f}, training, 5, 1); });
}

TEST(BaselinesTest, KeepWhatAMaskShows) {
  const data::ItemShape shape{1, 1, 3};
  const data::Dataset training = images({0, 0.25f, 1, 0.5f, -0.25f, -1}, shape);
  const ObservationOperator mask = observation_operator("mask=box:1,0,1,1", shape);
  const Baselines found = make_baselines(mask, {0.75f, -0.5f}, training, {});
  ASSERT_EQ(found.reconstructions.size(), 3u);
  EXPECT_EQ(found.reconstructions[0].name, "mean image");
  EXPECT_EQ(found.reconstructions[0].rows, (Rows{0.75f, 0.0f, -0.5f}));
  EXPECT_EQ(found.reconstructions[1].name, "nearest image");
  EXPECT_EQ(found.reconstructions[1].rows, (Rows{0.75f, -0.25f, -0.5f}));
  EXPECT_EQ(found.reconstructions[2].name, "total variation");
  EXPECT_EQ(found.reconstructions[2].rows[0], 0.75f);
  EXPECT_EQ(found.reconstructions[2].rows[2], -0.5f);
}

TEST(BaselinesTest, MakeThePartThatIsWanted) {
  const data::ItemShape shape{1, 1, 3};
  const data::Dataset training = images({0, 0.25f, 1, 0.5f, -0.25f, -1}, shape);
  const ObservationOperator noise = observation_operator("noise", shape);
  const Rows y{0.5f, 0, -1};
  const Baselines all = make_baselines(noise, y, training, {.noise_sd = 0.1, .n_nearest = 2});
  const Baselines near = make_baselines(
      noise, y, training, {.noise_sd = 0.1, .n_nearest = 2, .kind = BaselineKind::kNearest});
  EXPECT_EQ(near.nearest, all.nearest);
  EXPECT_TRUE(near.reconstructions.empty() && near.total_variation.empty());
  const Baselines smooth =
      make_baselines(noise, y, training, {.noise_sd = 0.1, .kind = BaselineKind::kTotalVariation});
  EXPECT_EQ(smooth.total_variation, all.total_variation);
  EXPECT_TRUE(smooth.reconstructions.empty() && smooth.nearest.empty());
}

TEST(BaselinesTest, EnlargeASmallObservation) {
  const data::ItemShape shape{1, 4, 4};
  const data::Dataset training = images(Rows(32, 0.5f), shape);
  const Baselines found = make_baselines(observation_operator("downsample=2", shape),
                                         {0.5f, 0.5f, 0.5f, 0.5f}, training, {.noise_sd = 0.1});
  ASSERT_EQ(found.reconstructions.size(), 4u);
  EXPECT_EQ(found.reconstructions[2].name, "bicubic");
  for (const Reconstruction& made : found.reconstructions) {
    for (const float value : made.rows) EXPECT_NEAR(value, 0.5f, 2e-2f) << made.name;
  }
}

}  // namespace
}  // namespace ebm::evaluation
