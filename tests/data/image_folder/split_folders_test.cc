#include "data/data_split.h"
#include "data/image_folder/image_folder.h"
#include "data/image_folder/image_listing.h"
#include "data/load_dataset.h"
#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

/// Folders that hold the splits of one set.
class SplitFoldersTest : public FilesTest {
 protected:
  void image(const std::string& name, std::uint8_t grey) const {
    write(name + ".png", png_bytes({}, {grey}));
  }
  Dataset load(std::optional<Split> split = std::nullopt) const {
    return load_image_folder(folder_, {.split = split});
  }
  static Bytes pixels(const Dataset& dataset) { return std::get<Bytes>(dataset.values); }
};

TEST_F(SplitFoldersTest, SplitsHaveTheClassesBelow) {
  image("train/cat/1", 1);
  image("train/dog/1", 2);
  image("test/cat/1", 3);
  image("test/dog/1", 4);
  image("val/dog/1", 5);
  EXPECT_TRUE(has_split_folders(folder_));
  EXPECT_EQ(pixels(load()), (Bytes{1, 2}));
  EXPECT_EQ(pixels(load(Split::kTest)), (Bytes{3, 4}));
  EXPECT_EQ(load().class_names, (Names{"cat", "dog"}));
  // A class keeps its number in a split that lacks another.
  EXPECT_EQ(load(Split::kValidation).labels, Labels{1});
  EXPECT_EQ(load(Split::kValidation).class_names, (Names{"cat", "dog"}));
}

TEST_F(SplitFoldersTest, NamesOfSplitsVary) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"Training", "Testing"},  {"TRAIN", "valid"},
      {"train", "validation"},  {"train", "dev"},
      {"trainset", "testset"},  {"seg_train", "seg_test"},
      {"train2017", "val2017"}, {"training_set/training_set", "test_set/test_set"}};
  for (const auto& [train, other] : names) {
    std::filesystem::remove_all(folder_);
    image(train + "/cat/1", 1);
    image(other + "/cat/1", 2);
    EXPECT_EQ(pixels(load()), Bytes{1}) << train;
    EXPECT_EQ(load().class_names, Names{"cat"}) << train;
    const bool is_test = other.find("es") != std::string::npos;
    EXPECT_EQ(pixels(load(is_test ? Split::kTest : Split::kValidation)), Bytes{2}) << other;
  }
}

TEST_F(SplitFoldersTest, OuterFolderIsLookedThrough) {
  image("archive/data/train/cat/1", 1);
  image("archive/data/test/cat/1", 2);
  EXPECT_EQ(pixels(load(Split::kTest)), Bytes{2});
}

TEST_F(SplitFoldersTest, SplitsMayBeFlat) {
  image("train/cat/1", 1);
  image("train/dog/1", 2);
  image("test/1", 3);
  EXPECT_EQ(load().labels, (Labels{0, 1}));
  const Dataset test = load(Split::kTest);
  EXPECT_EQ(pixels(test), Bytes{3});
  EXPECT_TRUE(test.labels.empty());
}

TEST_F(SplitFoldersTest, OtherFoldersBesideSplitsAreNamed) {
  image("train/good/1", 1);
  image("test/good/1", 2);
  image("ground_truth/broken/1", 3);
  const Dataset train = load();
  EXPECT_EQ(pixels(train), Bytes{1});
  ASSERT_EQ(train.warnings.size(), 1u);
  EXPECT_EQ(train.warnings[0], "folders beside the splits passed over: ground_truth");
}

TEST_F(SplitFoldersTest, ClassesThatSoundLikeSplitsStayClasses) {
  image("car/1", 1);
  image("train/1", 2);
  EXPECT_FALSE(has_split_folders(folder_));
  EXPECT_EQ(load().class_names, (Names{"car", "train"}));
  std::filesystem::remove_all(folder_);
  image("freight_train/1", 1);
  image("test_track/1", 2);
  image("tram/1", 3);
  EXPECT_EQ(load().class_names, (Names{"freight_train", "test_track", "tram"}));
}

TEST_F(SplitFoldersTest, SplitsInsideClassesAreAWarning) {
  image("cat/train/1", 1);
  image("cat/test/1", 2);
  image("dog/train/1", 3);
  const Dataset all = load();
  EXPECT_EQ(all.class_names, (Names{"cat", "dog"}));
  ASSERT_EQ(all.warnings.size(), 1u);
  EXPECT_NE(all.warnings[0].find("train and test inside the classes"), std::string::npos);
}

TEST_F(SplitFoldersTest, MissingSplitsAreNamed) {
  image("train/cat/1", 1);
  image("val/cat/1", 2);
  expect_error(ErrorCode::kNoInput, {folder_.string(), "split=test", "found train and val"},
               [&] { load(Split::kTest); });
  std::filesystem::remove_all(folder_);
  image("cat/1", 1);
  expect_error(ErrorCode::kUsage, {folder_.string(), "split=test", "holds no such folders"},
               [&] { load(Split::kTest); });
}

TEST_F(SplitFoldersTest, SpecNamesTheSplit) {
  image("train/cat/1", 1);
  image("train/dog/1", 2);
  image("valid/cat/1", 3);
  const std::string spec = "images:" + folder_.string();
  EXPECT_EQ(load_dataset(spec).name, spec + "#split=train");
  EXPECT_EQ(pixels(load_dataset(spec + "#split=valid")), Bytes{3});
  EXPECT_EQ(load_dataset(spec + "#split=validation").name, spec + "#split=val");
  EXPECT_EQ(pixels(load_dataset(spec + "#class=dog")), Bytes{2});
  // Unseen images of a set without a test split are those of the validation split.
  EXPECT_EQ(pixels(test_split_beside(spec).value()), Bytes{3});
  EXPECT_FALSE(test_split_beside(spec + "#split=val"));
  image("test/cat/1", 4);
  EXPECT_EQ(pixels(test_split_beside(spec).value()), Bytes{4});
}

}  // namespace
}  // namespace ebm::data
