#include "ebm/objective_draws.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include "ebm/train_options.h"

namespace ebm {
namespace {

constexpr std::int64_t kDrawDim = 50;

/// Of the iteration after `made`, with two rows of normals and three uniform numbers a positive.
Batch draws_of(std::int64_t made, std::int64_t batch_size, int threads, std::uint64_t seed = 1,
               std::uint32_t rollbacks = 0) {
  TrainOptions options;
  options.batch_size = batch_size;
  options.threads = threads;
  options.seed = static_cast<std::int64_t>(seed);
  training::RunCounters at;
  at.iteration = made;
  at.rollbacks = rollbacks;
  Batch batch;
  draw_for_objective({.negatives = NegativeSource::kNone, .normals = 2, .uniforms = 3}, options, at,
                     kDrawDim, batch);
  return batch;
}

TEST(ObjectiveDrawsTest, DependOnSeedGenerationAndPositionAlone) {
  const Batch first = draws_of(0, 40, 1);
  ASSERT_EQ(first.normals.size(), 40u * 2 * kDrawDim);
  ASSERT_EQ(first.uniforms.size(), 120u);
  for (const int threads : {2, 3, 7}) {
    EXPECT_EQ(draws_of(0, 40, threads).normals, first.normals);
    EXPECT_EQ(draws_of(0, 40, threads).uniforms, first.uniforms);
  }
  // Iteration 3 of 10 has positions 30, ..., 39.
  const Batch part = draws_of(3, 10, 2);
  EXPECT_TRUE(
      std::ranges::equal(part.normals, std::span(first.normals).subspan(30 * 2 * kDrawDim)));
  EXPECT_TRUE(std::ranges::equal(part.uniforms, std::span(first.uniforms).subspan(90)));
  for (const Batch& other : {draws_of(0, 40, 1, 2), draws_of(0, 40, 1, 1, 1)}) {
    EXPECT_NE(other.normals, first.normals);
    EXPECT_NE(other.uniforms, first.uniforms);
  }
}

TEST(ObjectiveDrawsTest, AreStandardNormalAndUniform) {
  const Batch batch = draws_of(5, 1000, 2);
  double sum = 0.0, squares = 0.0, mean = 0.0;
  for (const float z : batch.normals) {
    sum += double{z};
    squares += double{z} * double{z};
  }
  const double n = static_cast<double>(batch.normals.size());
  EXPECT_NEAR(sum / n, 0.0, 5.0 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1.0, 5.0 * std::sqrt(2.0 / n));
  for (const float u : batch.uniforms) mean += double{u} / 3000.0;
  EXPECT_NEAR(mean, 0.5, 5.0 / std::sqrt(12.0 * 3000.0));
  EXPECT_GE(std::ranges::min(batch.uniforms), 0.0f);
  EXPECT_LT(std::ranges::max(batch.uniforms), 1.0f);
  // No row twice.
  EXPECT_EQ(std::set<float>(batch.uniforms.begin(), batch.uniforms.end()).size(), 3000u);
}

TEST(ObjectiveDrawsTest, AreNoneWhereNoneAreNeeded) {
  TrainOptions options;
  options.threads = 1;
  Batch batch;
  draw_for_objective({}, options, {}, kDrawDim, batch);
  EXPECT_TRUE(batch.normals.empty());
  EXPECT_TRUE(batch.uniforms.empty());
}

}  // namespace
}  // namespace ebm
