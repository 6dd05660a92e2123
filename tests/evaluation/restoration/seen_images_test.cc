#include "evaluation/restoration/seen_images.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "data/formats/npy.h"
#include "evaluation/restoration/observations.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using Rows = std::vector<float>;

constexpr data::ItemShape kTinyImages{1, 2, 2};
const Rows kTwoImages{-1, -0.5f, 0, 0.5f, 1, 0.25f, -0.25f, 0};

class SeenImagesTest : public testing::Test {
 protected:
  ~SeenImagesTest() override {
    for (const char* name : {"images", "one"}) std::filesystem::remove(file(name));
  }
  std::string file(const std::string& name) const {
    return testing::TempDir() + "seen_" + name + "_" +
           testing::UnitTest::GetInstance()->current_test_info()->name() + ".npy";
  }
  std::string written(const std::string& name, const Rows& values) const {
    data::write_npy(
        file(name), values,
        std::vector<std::int64_t>{static_cast<std::int64_t>(values.size()) / 4, 1, 2, 2});
    return file(name);
  }

  const ObservationOperator noise_ = observation_operator("noise", kTinyImages);
};

TEST_F(SeenImagesTest, SimulatedOnesAreTheirOwnTruth) {
  const std::string images = written("images", kTwoImages);
  const SeenImages seen = read_seen_images(
      {.observed = images, .simulates = true, .noise_sd = 0.5, .seed = 7}, noise_, kTinyImages);
  EXPECT_EQ(seen.truth, kTwoImages);
  EXPECT_EQ(seen.y, simulate_observations(noise_, kTwoImages, 0.5, 7));
  nets::expect_error(ErrorCode::kUsage, "not valid with --simulate", [&] {
    read_seen_images({.observed = images, .truth = images, .simulates = true}, noise_, kTinyImages);
  });
}

TEST_F(SeenImagesTest, TheTruthIsAsManyImages) {
  const std::string images = written("images", kTwoImages);
  EXPECT_TRUE(read_seen_images({.observed = images}, noise_, kTinyImages).truth.empty());
  const SeenImages both =
      read_seen_images({.observed = images, .truth = images}, noise_, kTinyImages);
  EXPECT_EQ(both.y, kTwoImages);
  EXPECT_EQ(both.truth, kTwoImages);
  const std::string one = written("one", {0, 0, 0, 0});
  nets::expect_error(ErrorCode::kShape, "1 images; must be as many as observed, 2", [&] {
    read_seen_images({.observed = images, .truth = one}, noise_, kTinyImages);
  });
}

}  // namespace
}  // namespace ebm::evaluation
