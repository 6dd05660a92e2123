#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "evaluation/image_sets.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

void write_idx(const std::filesystem::path& path, std::vector<std::uint8_t> dims,
               const std::vector<std::uint8_t>& values) {
  std::ofstream file(path, std::ios::binary);
  const char magic[] = {0, 0, 8, static_cast<char>(dims.size())};
  file.write(magic, 4);
  for (const std::uint8_t length : dims) {
    const char bytes[] = {0, 0, 0, static_cast<char>(length)};
    file.write(bytes, 4);
  }
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size()));
}

/// Images of one pixel, whose level is 100·(1 for the test split) + the index; labels 0, 1, 2 in
/// turn.
class OtherClassesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    write_split("train", 30, 0);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write_split(const std::string& split, std::uint8_t n, std::uint8_t first) {
    std::vector<std::uint8_t> pixels, labels;
    for (std::uint8_t i = 0; i < n; ++i) {
      pixels.push_back(static_cast<std::uint8_t>(first + i));
      labels.push_back(i % 3);
    }
    const std::string prefix = split == "test" ? "t10k" : split;
    write_idx(folder_ / (prefix + "-images-idx3-ubyte"), {n, 1, 1}, pixels);
    write_idx(folder_ / (prefix + "-labels-idx1-ubyte"), {n}, labels);
  }

  static std::set<int> levels_of(const ImageRows& images) {
    std::set<int> levels;
    for (const float x : images.rows) {
      levels.insert(static_cast<int>(std::lround((x + 1.0f) * 127.5f)));
    }
    return levels;
  }

  const std::filesystem::path folder_ =
      testing::TempDir() + "other_classes_" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string spec_ = "idx:" + folder_.string() + "#class=1";
};

TEST_F(OtherClassesTest, AreTestImagesOfAllOtherLabels) {
  write_split("test", 9, 100);
  const auto found = read_other_classes(spec_ + ",limit=1", {1, 1, 1}, 100, 0);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "other classes");
  EXPECT_EQ(found->n, 6);
  EXPECT_EQ(levels_of(*found), (std::set<int>{100, 102, 103, 105, 106, 108}));
  EXPECT_EQ(read_other_classes(spec_, {1, 1, 1}, 4, 0)->n, 4);
  EXPECT_NE(read_other_classes(spec_, {1, 1, 1}, 4, 0)->rows,
            read_other_classes(spec_, {1, 1, 1}, 4, 1)->rows);
}

TEST_F(OtherClassesTest, AreOfTheOnlySplitWhereThereIsOne) {
  const auto found = read_other_classes(spec_, {1, 1, 1}, 100, 0);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->n, 20);
  for (const int level : levels_of(*found)) EXPECT_NE(level % 3, 1);
}

TEST_F(OtherClassesTest, AreNoneOfWhatHasNoFilterOrNoOtherClass) {
  EXPECT_FALSE(read_other_classes("idx:" + folder_.string(), {1, 1, 1}, 100, 0));
  write_idx(folder_ / "train-labels-idx1-ubyte", {30}, std::vector<std::uint8_t>(30, 1));
  EXPECT_FALSE(read_other_classes(spec_, {1, 1, 1}, 100, 0));
  nets::expect_error(ErrorCode::kShape, "the model takes 1x2x2", [&] {
    read_other_classes(spec_, {1, 2, 2}, 100, 0);
  });
}

}  // namespace
}  // namespace ebm::evaluation
