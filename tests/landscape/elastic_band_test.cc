#include "landscape/elastic_band.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samplers/energies/function_energy.h"

namespace ebm::landscape {
namespace {

/// E = (x² − 1)² + 5·(y − 1 + x²)²: minima (±1, 0), joined by the valley y = 1 − x², on which E =
/// (x² − 1)² with the saddle (0, 1) of E = 1. The straight line between them passes E(0, 0) = 6.
samplers::FunctionEnergy bent_valley() {
  return {2, [](std::span<const float> x, std::span<float> grad) {
            const float w = x[0] * x[0] - 1.0f, v = x[1] - 1.0f + x[0] * x[0];
            grad[0] = 4.0f * w * x[0] + 20.0f * v * x[0];
            grad[1] = 10.0f * v;
            return w * w + 5.0f * v * v;
          }};
}

TEST(ElasticBandTest, ClimbsToTheSaddleOfABentValley) {
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  const auto paths = minimum_energy_paths(bent_valley(), from, to,
                                          {.n_images = 12, .n_steps = 2000, .step_size = 0.01f});
  ASSERT_EQ(paths.size(), 1u);
  // An even number of images: none is at the middle by itself.
  EXPECT_NEAR(paths[0].barrier(), 1.0, 1e-4);
  EXPECT_NEAR(paths[0].highest, 1.0, 1e-4);
  for (std::size_t i = 0; i < paths[0].energies.size(); ++i) {
    const double x = paths[0].states[2 * i], y = paths[0].states[2 * i + 1];
    // The path of steepest descent runs a little beside the bottom, as the gradient on the bottom
    // is along x; the straight line would be off by up to 1.
    EXPECT_NEAR(y, 1.0 - x * x, 0.1) << i;
  }
  EXPECT_EQ(paths[0].energies.front(), 0.0f);
  EXPECT_EQ(paths[0].energies.back(), 0.0f);
}

TEST(ElasticBandTest, AStraightLineIsTheStart) {
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  const auto paths = minimum_energy_paths(bent_valley(), from, to, {.n_images = 3, .n_steps = 0});
  EXPECT_NEAR(paths[0].barrier(), 6.0, 1e-5);
  EXPECT_EQ(paths[0].states, (std::vector<float>{-1, 0, -0.5, 0, 0, 0, 0.5, 0, 1, 0}));
}

TEST(ElasticBandTest, ARidgeBetweenImagesIsSeen) {
  // Two images, at a third and two thirds; none is at the top.
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  const auto paths = minimum_energy_paths(bent_valley(), from, to, {.n_images = 2, .n_steps = 0});
  EXPECT_LT(paths[0].energies[1], 5.0f);
  EXPECT_NEAR(paths[0].highest, 6.0, 1e-5);
}

TEST(ElasticBandTest, PathsDoNotDependOnEachOtherOrOnThreads) {
  const std::vector<float> from{-1.0f, 0.0f, 1.0f, 0.0f}, to{1.0f, 0.0f, 0.5f, 0.7f};
  const ElasticBandOptions options{.n_images = 5, .n_steps = 60};
  const auto both = minimum_energy_paths(bent_valley(), from, to, options);
  const auto alone = minimum_energy_paths(bent_valley(), std::span(from).subspan(2),
                                          std::span(to).subspan(2), options);
  EXPECT_EQ(both[1].states, alone[0].states);
  ElasticBandOptions threads = options;
  threads.n_threads = 2;
  EXPECT_EQ(minimum_energy_paths(bent_valley(), from, to, threads)[0].states, both[0].states);
}

TEST(ElasticBandTest, StepsThatAreTooLongAreShortened) {
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  for (const float step_size : {5.0f, 1000.0f}) {
    const auto paths = minimum_energy_paths(
        bent_valley(), from, to, {.n_images = 12, .n_steps = 2000, .step_size = step_size});
    EXPECT_NEAR(paths[0].highest, 1.0, 1e-3) << step_size;
  }
}

TEST(ElasticBandTest, NoPathIsHigherThanTheStraightLine) {
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  for (const std::int64_t n_steps : {1, 2, 5, 20, 100}) {
    const auto paths = minimum_energy_paths(
        bent_valley(), from, to, {.n_images = 4, .n_steps = n_steps, .step_size = 10.0f});
    EXPECT_LE(paths[0].highest, 6.00001f) << n_steps;
  }
}

TEST(ElasticBandTest, RefusesWhatIsWrong) {
  const std::vector<float> from{-1.0f, 0.0f}, to{1.0f, 0.0f};
  const samplers::FunctionEnergy hole(2, [](std::span<const float> x, std::span<float> grad) {
    grad[0] = grad[1] = 0.0f;
    return std::abs(x[0]) < 0.5f ? INFINITY : 0.0f;
  });
  try {
    minimum_energy_paths(hole, from, to, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged);
  }
  EXPECT_THROW(minimum_energy_paths(bent_valley(), from, to, {.n_images = 0}), Error);
  EXPECT_THROW(minimum_energy_paths(bent_valley(), from, std::span(to).first(0), {}), Error);
}

}  // namespace
}  // namespace ebm::landscape
