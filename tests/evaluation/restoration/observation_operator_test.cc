#include "evaluation/restoration/observation_operator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "data/formats/npy.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

constexpr data::ItemShape kColor{2, 4, 6};

/// A file of the test that runs: others run at the same time.
std::string file_of(const std::string& name) {
  return testing::TempDir() + "operator_" +
         testing::UnitTest::GetInstance()->current_test_info()->name() + "_" + name;
}

/// A mask of [4, 6] that hides the places where the flags are not 0.
std::string mask_file(const std::vector<float>& flags, const std::vector<std::int64_t>& shape) {
  std::string file = file_of("mask.npy");
  data::write_npy(file, flags, shape);
  return file;
}

TEST(ObservationOperatorTest, OfABoxHidesItInEveryChannel) {
  const ObservationOperator made = observation_operator("mask=box:1,2,4,1", kColor);
  ASSERT_EQ(made.is_hidden.size(), 48u);
  for (std::size_t d = 0; d < 48; ++d) {
    const std::size_t y = d / 6 % 4, x = d % 6;
    EXPECT_EQ(made.is_hidden[d], y == 2 && x >= 1 && x < 5 ? 1 : 0) << d;
  }
  EXPECT_EQ(made.a->output_dim(), 40);
  EXPECT_EQ(made.shape, kColor);
}

TEST(ObservationOperatorTest, OfAFileHidesWhatIsNotZero) {
  std::vector<float> flags(24);
  flags[0] = 1.0f;
  flags[23] = -0.5f;
  const ObservationOperator made =
      observation_operator("mask=" + mask_file(flags, {1, 4, 6}), kColor);
  for (std::size_t d = 0; d < 48; ++d) {
    EXPECT_EQ(made.is_hidden[d], d % 24 == 0 || d % 24 == 23 ? 1 : 0) << d;
  }
  std::vector<float> each(48);
  each[30] = 1.0f;
  EXPECT_EQ(observation_operator("mask=" + mask_file(each, {2, 4, 6}), kColor).a->output_dim(), 47);
}

TEST(ObservationOperatorTest, KnowsTheShapeOfWhatIsObserved) {
  EXPECT_EQ(observation_operator("downsample=2", kColor).shape, (data::ItemShape{2, 2, 3}));
  EXPECT_EQ(observation_operator("blur=0.5", kColor).shape, kColor);
  EXPECT_EQ(observation_operator("noise", kColor).shape, kColor);
  const std::string file = file_of("projection.npy");
  data::write_npy(file, std::vector<float>(3 * 48, 0.5f), std::vector<std::int64_t>{3, 48});
  const ObservationOperator made = observation_operator("projection=" + file, kColor);
  EXPECT_EQ(made.shape, (data::ItemShape{3, 1, 1}));
  EXPECT_FALSE(made.is_image);
  EXPECT_TRUE(made.is_hidden.empty());
}

TEST(ObservationOperatorTest, RefusesWhatDoesNotFit) {
  const auto refuse = [](ErrorCode code, const char* part, const std::string& text) {
    nets::expect_error(code, part, [&] { observation_operator(text, kColor); });
  };
  refuse(ErrorCode::kUsage, "did you mean downsample?", "downsampel=2");
  refuse(ErrorCode::kUsage, "must be one of mask, downsample, blur, noise, projection", "zoom=2");
  refuse(ErrorCode::kUsage, "must be noise without a value", "noise=0.1");
  refuse(ErrorCode::kUsage, "must be blur=SD", "blur");
  refuse(ErrorCode::kUsage, "'two' is no number", "downsample=two");
  refuse(ErrorCode::kUsage, "must divide the height 4 and the width 6", "downsample=3");
  refuse(ErrorCode::kUsage, "four numbers", "mask=box:1,2,3");
  refuse(ErrorCode::kUsage, "height x width 4x6", "mask=box:3,0,4,4");
  refuse(ErrorCode::kUsage, "height x width 4x6", "mask=box:0,0,7,4");
  refuse(ErrorCode::kUsage, "hides everything", "mask=box:0,0,6,4");
  refuse(ErrorCode::kUsage, "hides nothing", "mask=" + mask_file(std::vector<float>(24), {4, 6}));
  refuse(ErrorCode::kShape, "is 6x4; must be 4x6",
         "mask=" + mask_file(std::vector<float>(24), {6, 4}));
  refuse(ErrorCode::kNoInput, "nowhere.npy", "mask=nowhere.npy");
  const std::string file = file_of("wide.npy");
  data::write_npy(file, std::vector<float>(10), std::vector<std::int64_t>{2, 5});
  refuse(ErrorCode::kShape, "is 2x5; must be a matrix of m x 48", "projection=" + file);
}

}  // namespace
}  // namespace ebm::evaluation
