#include "evaluation/image_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "data/formats/npy.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using Row = std::vector<float>;

Row row_of(const ImageRows& images, std::int64_t i) {
  const auto dim = static_cast<std::ptrdiff_t>(images.rows.size()) / images.n;
  return {images.rows.begin() + i * dim, images.rows.begin() + (i + 1) * dim};
}

/// Images 2x2x3 with values 0, 1/100, 2/100, ...
ImageRows counted() {
  ImageRows test{"test", 3, Row(36)};
  for (std::size_t i = 0; i < 36; ++i) test.rows[i] = static_cast<float>(i) / 100.0f;
  return test;
}

TEST(BuiltInSetsTest, AreWhatTheirNamesSay) {
  const ImageRows test = counted();
  const data::ItemShape shape{2, 2, 3};
  const auto sets = built_in_sets(test, shape, 1);
  ASSERT_EQ(sets.size(), 5u);
  EXPECT_EQ(sets[0].name, "uniform-noise");
  EXPECT_EQ(sets[1].name, "constant");
  EXPECT_EQ(sets[2].name, "inverted");
  EXPECT_EQ(sets[3].name, "flipped");
  EXPECT_EQ(sets[4].name, "pixel-shuffled");
  for (std::int64_t i = 0; i < 3; ++i) {
    const Row from = row_of(test, i);
    const Row constant = row_of(sets[1], i), inverted = row_of(sets[2], i);
    const Row flipped = row_of(sets[3], i), shuffled = row_of(sets[4], i);
    EXPECT_EQ(std::set<float>(constant.begin(), constant.end()).size(), 1u);
    for (std::size_t k = 0; k < 12; ++k) EXPECT_EQ(inverted[k], -from[k]);
    // Rows of each channel change places.
    EXPECT_EQ(flipped, (Row{from[3], from[4], from[5], from[0], from[1], from[2], from[9], from[10],
                            from[11], from[6], from[7], from[8]}));
    // The channels of a pixel stay together, and no pixel is lost.
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(shuffled[k + 6] - shuffled[k], 0.06f, 1e-6f);
    Row sorted = shuffled;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, from);
  }
  EXPECT_NE(row_of(sets[1], 0), row_of(sets[1], 1));
}

class EvaluationImagesTest : public testing::Test {
 protected:
  /// 90 images 1x2x2, each with values of its own.
  void SetUp() override {
    std::vector<float> values(90 * 4);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(i) / static_cast<float>(values.size()) - 0.5f;
    }
    data::write_npy(path_, values, std::vector<std::int64_t>{90, 1, 2, 2});
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // Each test has a file of its own, for tests run beside each other.
  const std::string path_ = testing::TempDir() + "eval_images_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".npy";
  const std::string spec_ = "npy:" + path_;
};

TEST_F(EvaluationImagesTest, NoImageHasTwoRoles) {
  const EvaluationImages images = read_evaluation_images(spec_, {1, 2, 2}, {.seed = 3});
  EXPECT_EQ(images.reference.n, 30);  // half of two thirds
  EXPECT_EQ(images.test.n, 30);
  EXPECT_EQ(images.fitted.n, 60);
  std::set<Row> rows;
  for (const ImageRows* set : {&images.reference, &images.starts, &images.test}) {
    for (std::int64_t i = 0; i < set->n; ++i) rows.insert(row_of(*set, i));
  }
  EXPECT_EQ(rows.size(), 90u);
  EXPECT_EQ(read_evaluation_images(spec_, {1, 2, 2}, {.seed = 3}).test.rows, images.test.rows);
  EXPECT_NE(read_evaluation_images(spec_, {1, 2, 2}, {.seed = 4}).test.rows, images.test.rows);
  EXPECT_EQ(read_evaluation_images(spec_, {1, 2, 2}, {.n = 7}).test.n, 7);
}

TEST_F(EvaluationImagesTest, RefusesWhatCannotBeCompared) {
  nets::expect_error(ErrorCode::kShape, "the model takes 1x3x3", [&] {
    read_evaluation_images(spec_, {1, 3, 3}, {});
  });
  nets::expect_error(ErrorCode::kBadData, "enough for n = 30", [&] {
    read_evaluation_images(spec_, {1, 2, 2}, {.n = 31});
  });
  nets::expect_error(ErrorCode::kUsage, "holds points", [&] {
    read_evaluation_images("toy:rings", {2, 1, 1}, {});
  });
}

TEST_F(EvaluationImagesTest, SamplesHaveToBeAsManyAsAreNeeded) {
  EXPECT_EQ(read_samples(spec_, 90).n, 90);
  nets::expect_error(ErrorCode::kBadData, "n = 91: " + spec_ + " has 90 images",
                     [&] { read_samples(spec_, 91); });
}

}  // namespace
}  // namespace ebm::evaluation
