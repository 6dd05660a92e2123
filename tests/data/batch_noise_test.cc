#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "base/random.h"
#include "data/batch_source.h"

namespace ebm::data {
namespace {

/// Grey level 0 everywhere: 400 items of `dim` bytes, labelled by index.
Dataset black(std::int64_t n, std::int64_t dim) {
  Dataset dataset;
  dataset.n = n;
  dataset.shape = {1, 1, dim};
  dataset.values = std::vector<std::uint8_t>(static_cast<std::size_t>(n * dim));
  for (std::int32_t i = 0; i < n; ++i) dataset.labels.push_back(i);
  return dataset;
}

// Tolerances are 5 standard errors.

TEST(BatchNoiseTest, NoiseIsStandardNormalTimesItsSdAndUncorrelated) {
  // An odd dim: the last value of an item uses half of a Box-Muller pair.
  const Dataset dataset = black(1000, 201);
  BatchSource source(dataset,
                     {.batch_size = 1000, .seed = 1, .dequantize = false, .noise_sd = 0.3f});
  std::vector<float> out(201000);
  source.fill(0, out, {});
  double sum = 0, squares = 0, fourths = 0, neighbours = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double z = (out[i] + 1.0) / 0.3;
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
    if (i > 0) neighbours += z * (out[i - 1] + 1.0) / 0.3;
  }
  // Variances of z, z², z⁴ and z·z': 1, 2, 105 − 9 = 96, 1.
  const double n = static_cast<double>(out.size()), error = 5 / std::sqrt(n);
  EXPECT_NEAR(sum / n, 0, error);
  EXPECT_NEAR(squares / n, 1, error * std::sqrt(2.0));
  EXPECT_NEAR(fourths / n, 3, error * std::sqrt(96.0));
  EXPECT_NEAR(neighbours / n, 0, error);
}

TEST(BatchNoiseTest, NoiseOfAPositionComesFromItsWordsWhateverTheBatchSize) {
  // No multiple of a Philox call, and more than one piece.
  constexpr std::int64_t kDim = 131, kRows = 42;
  Dataset dataset = black(400, kDim);
  dataset.values = std::vector<float>(400 * kDim);  // zeros: what comes out is the noise
  for (const std::int64_t batch_size : {1, 6, 42}) {
    BatchSource source(dataset,
                       {.batch_size = batch_size, .seed = 7, .generation = 3, .noise_sd = 1.0f});
    std::vector<float> noise(kRows * kDim);
    for (std::int64_t i = 0; i < kRows / batch_size; ++i) {
      const auto begin = static_cast<std::size_t>(i * batch_size * kDim);
      source.fill(i, std::span(noise).subspan(begin, static_cast<std::size_t>(batch_size * kDim)),
                  {});
    }
    for (std::int64_t position = 0; position < kRows; ++position) {
      base::RandomStream stream({7, base::Domain::kDataNoise, 3},
                                static_cast<std::uint64_t>(position));
      for (std::int64_t j = 0; j < kDim; j += 2) {
        const double u = (stream.next_word() >> 1) * 0x1p-31 + 0x1p-32;
        const double angle = 2 * std::numbers::pi * 0x1p-32 * stream.next_word();
        const double radius = std::sqrt(-2 * std::log(u));
        // That of the samplers' normals: near u = 1 the rounding of u to float moves the radius.
        const double tolerance = u > 0.999 ? 3e-4 : 2e-6;
        const float* z = &noise[static_cast<std::size_t>(position * kDim + j)];
        ASSERT_NEAR(z[0], radius * std::cos(angle), tolerance);
        if (j + 1 < kDim) {
          ASSERT_NEAR(z[1], radius * std::sin(angle), tolerance);
        }
      }
    }
  }
}

TEST(BatchNoiseTest, DequantizationIsUniformInItsBinAndUncorrelated) {
  const Dataset dataset = black(1000, 200);
  BatchSource source(dataset, {.batch_size = 1000, .seed = 1});
  std::vector<float> out(200000);
  source.fill(0, out, {});
  double sum = 0, squares = 0, neighbours = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double u = (out[i] + 1.0) * 128 - 0.5;
    sum += u;
    squares += u * u;
    if (i > 0) neighbours += u * ((out[i - 1] + 1.0) * 128 - 0.5);
  }
  // u on [−1/2, 1/2): variance 1/12, of u² 1/80 − 1/144 = 1/180, of u·u' 1/144.
  const double n = static_cast<double>(out.size()), error = 5 / std::sqrt(n);
  EXPECT_NEAR(sum / n, 0, error * std::sqrt(1.0 / 12));
  EXPECT_NEAR(squares / n, 1.0 / 12, error * std::sqrt(1.0 / 180));
  EXPECT_NEAR(neighbours / n, 0, error / 12);
}

TEST(BatchNoiseTest, EveryItemIsEquallyLikelyAtEveryPlaceOfAnEpoch) {
  constexpr std::size_t kItems = 5;
  constexpr int kEpochs = 4000;
  const Dataset dataset = black(kItems, 1);
  BatchSource source(dataset, {.batch_size = kItems, .seed = 6});
  std::array<std::array<int, kItems>, kItems> counts{};
  std::vector<float> out(kItems);
  std::vector<std::int32_t> labels(kItems);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    source.fill(epoch, out, labels);
    for (std::size_t place = 0; place < kItems; ++place) {
      ++counts[place][static_cast<std::size_t>(labels[place])];
    }
  }
  // Binomial(4000, 1/5): mean 800, sd √(4000·0.2·0.8).
  for (const auto& row : counts) {
    for (const int count : row) EXPECT_NEAR(count, 800, 5 * std::sqrt(4000 * 0.16));
  }
}

}  // namespace
}  // namespace ebm::data
