#include "gan/mode_coverage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <vector>

#include "nets/files/feature_file.h"
#include "tests/nets/expect_error.h"

namespace ebm::gan {
namespace {
namespace fs = std::filesystem;

data::Dataset samples_of(std::vector<float> values, const data::ItemShape& shape) {
  data::Dataset dataset;
  dataset.name = "samples";
  dataset.shape = shape;
  dataset.n = static_cast<std::int64_t>(values.size()) / shape.size();
  dataset.values = std::move(values);
  return dataset;
}

// Modes are at (cos πk/4, sin πk/4) with sd 0.15: 0.44 away is near, 0.46 is not.
TEST(ModeCoverageTest, ASampleIsGoodWithinThreeDeviationsOfAMode) {
  const auto found = coverage_of_toy(samples_of({1.44f, 0, 1, 0, 0, 1, 1.46f, 0, 5, 5}, {2, 1, 1}),
                                     "toy:8gaussians");
  EXPECT_EQ(found.n, 5);
  EXPECT_EQ(found.n_modes, 8);
  EXPECT_EQ(found.n_found, 2);
  EXPECT_DOUBLE_EQ(found.good.value(), 3.0 / 5.0);
  // Shares 2/3 and 1/3 against 1/8 each.
  EXPECT_NEAR(found.kl, 2.0 / 3.0 * std::log(16.0 / 3.0) + 1.0 / 3.0 * std::log(8.0 / 3.0), 1e-12);
}

TEST(ModeCoverageTest, AToyNeedsKnownModes) {
  const data::Dataset one = samples_of({0, 0}, {2, 1, 1});
  for (const char* spec : {"toy:two-moons", "npy:x.npy"}) {
    nets::expect_error(ErrorCode::kUsage, "must be toy:8gaussians or toy:25gaussians",
                       [&] { coverage_of_toy(one, spec); });
  }
}

class ClassifierModesTest : public testing::Test {
 protected:
  /// Tells positive pixels, class 0, from negative ones by logits x and −x.
  void SetUp() override {
    nets::Linear two;
    two.out_features = 2;
    nets::FeatureFile file;
    file.architecture = {.name = "signs", .input = {1, 1, 1}, .layers = {two, two}};
    file.feature_layers = 1;
    file.data = "none";
    const auto tensor = [&](const char* name, std::vector<std::int64_t> shape,
                            const std::vector<float>& values) {
      file.weights.tensors.emplace(name, nets::TensorData::from_floats(std::move(shape), values));
    };
    tensor("0.weight", {2, 1}, {1, -1});
    tensor("0.bias", {2}, {0, 0});
    tensor("1.weight", {2, 2}, {1, 0, 0, 1});
    tensor("1.bias", {2}, {0, 0});
    nets::write_safetensors(path_, nets::to_safetensors(file));
  }
  void TearDown() override { fs::remove(path_); }

  const std::string path_ = testing::TempDir() +
                            testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".safetensors";
};

TEST_F(ClassifierModesTest, AModeIsACombinationOfTheClassesOfChannels) {
  const auto found = coverage_by_classifier(
      samples_of({1, 1, 1, 1, 1, -1, -1, -1, -1, .5f, .5f, .5f}, {3, 1, 1}), path_, 1);
  EXPECT_EQ(found.n, 4);
  EXPECT_EQ(found.n_modes, 8);
  EXPECT_EQ(found.n_found, 3);
  EXPECT_FALSE(found.good);
  // Shares 1/2, 1/4, 1/4 against 1/8 each: ½ ln 4 + 2·¼ ln 2.
  EXPECT_NEAR(found.kl, 1.5 * std::log(2.0), 1e-12);
}

TEST_F(ClassifierModesTest, ImagesHaveUpToThreeChannels) {
  nets::expect_error(ErrorCode::kBadData, "samples: has 4 channels", [&] {
    coverage_by_classifier(samples_of({1, 1, 1, 1}, {4, 1, 1}), path_, 1);
  });
}

}  // namespace
}  // namespace ebm::gan
