#include "evaluation/energy_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "samplers/energies/function_energy.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

/// E(x) = x₀, infinite where it is above 100.
samplers::FunctionEnergy first_value() {
  return {2, [](std::span<const float> x, std::span<float> energy_grad) {
            energy_grad[0] = 1.0f;
            energy_grad[1] = 0.0f;
            return x[0] > 100.0f ? INFINITY : x[0];
          }};
}

TEST(EnergyComparisonTest, EnergiesAreOfEachImageInOrder) {
  const ImageRows images{"images", 3, {0.5f, 9, -1, 9, 2, 9}};
  EXPECT_EQ(energies_of(first_value(), images, 2), (std::vector<float>{0.5f, -1.0f, 2.0f}));
  nets::expect_error(ErrorCode::kDiverged, "the energy of item 1 of far is inf", [] {
    energies_of(first_value(), ImageRows{"far", 2, {1, 0, 101, 0}}, 1);
  });
}

TEST(EnergyComparisonTest, ALargeDataSetIsEvaluatedInChunks) {
  data::Dataset dataset;
  dataset.n = 5000;  // more than one chunk of 4096
  dataset.shape = {2, 1, 1};
  std::vector<float> values(10000);
  for (std::size_t i = 0; i < 5000; ++i) values[2 * i] = static_cast<float>(i) / 64.0f;
  dataset.values = values;
  const auto energies = energies_of(first_value(), dataset, "data", 2);
  ASSERT_EQ(energies.size(), 5000u);
  for (std::size_t i = 0; i < 5000; ++i) ASSERT_EQ(energies[i], values[2 * i]) << i;
  std::get<1>(dataset.values)[2 * 4999] = 200.0f;
  nets::expect_error(ErrorCode::kDiverged, "the energy of item 4999 of data is inf",
                     [&] { energies_of(first_value(), dataset, "data", 1); });
}

TEST(EnergyComparisonTest, OodImagesHaveHigherEnergyAndCompressLess) {
  ImageRows test{"test", 4, std::vector<float>(4 * 256, 0.25f)};
  ImageRows other{"other", 2, std::vector<float>(2 * 256)};
  for (std::size_t i = 0; i < other.rows.size(); ++i) {
    other.rows[i] = std::sin(static_cast<float>(i * i % 1009));
  }
  const auto found =
      detect_ood({test, {0, 1, 2, 3}}, {{other, {1.5f, 4}}, {test, {0, 1, 2, 3}}}, 1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "other");
  EXPECT_EQ(found[0].n, 2);
  EXPECT_DOUBLE_EQ(found[0].auroc, 6.0 / 8.0);  // 1.5 is above two of four, 4 above all
  EXPECT_DOUBLE_EQ(found[0].aupr, (1.0 + 2.0 / 4.0) / 2.0);  // the 1st and the 4th from above
  EXPECT_DOUBLE_EQ(found[0].auroc_complexity, 1.0);
  EXPECT_DOUBLE_EQ(found[1].auroc, 0.5);
  EXPECT_DOUBLE_EQ(found[1].auroc_complexity, 0.5);
}

}  // namespace
}  // namespace ebm::evaluation
