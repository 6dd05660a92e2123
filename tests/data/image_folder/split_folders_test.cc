#include "data/image_folder/split_folders.h"

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

TEST_F(SplitFoldersTest, TwoFoldersOfOneSplitAreRefused) {
  const std::vector<std::pair<Names, std::string>> clashes = {
      {{"Train", "train", "test"}, "Train and train both stand for split=train"},
      {{"TRAIN", "Train"}, "TRAIN and Train both stand for split=train"},
      {{"test", "train", "val", "valid"}, "val and valid both stand for split=val"},
      {{"dev", "eval"}, "dev and eval both stand for split=val"},
      {{"car", "train", "trainset", "test"}, "train and trainset both stand for split=train"},
      {{"train2014", "train2017", "val2017"}, "train2014 and train2017 both stand for"}};
  for (const auto& [names, message] : clashes) {
    std::filesystem::remove_all(folder_);
    for (const std::string& name : names) image(name + "/cat/1", 1);
    for (const auto split : {std::optional<Split>(), std::optional(Split::kTest)}) {
      expect_error(ErrorCode::kBadData, {folder_.string() + ": its folders " + message, "images:"},
                   [&] { load(split); });
    }
  }
}

TEST_F(SplitFoldersTest, SplitsThatStandAloneAreSplitsStill) {
  image("test/cat/1", 1);
  image("test/dog/1", 2);
  EXPECT_TRUE(has_split_folders(folder_));
  EXPECT_EQ(load(Split::kTest).class_names, (Names{"cat", "dog"}));
  EXPECT_TRUE(load(Split::kTest).warnings.empty());
  expect_error(ErrorCode::kNoInput,
               {folder_.string(), "no folder for split=train, found test; give split=test"},
               [&] { load(); });
  image("Val/cat/1", 3);
  expect_error(ErrorCode::kNoInput, {"found test and Val; give split=test or split=val"},
               [&] { load(); });
  std::filesystem::remove_all(folder_);
  image("data/train/cat/1", 1);
  image("data/train/dog/1", 2);
  EXPECT_EQ(load().labels, (Labels{0, 1}));
  EXPECT_EQ(load().warnings, Names{(folder_ / "data/train").string() +
                                   " is read as the training split, not as a class"});
  EXPECT_FALSE(test_split_beside("images:" + folder_.string()));
}

TEST_F(SplitFoldersTest, AWholeSetMayLieInAFolderNamedAsASplit) {
  image("test/train/cat/1", 1);
  image("test/val/cat/1", 2);
  EXPECT_EQ(pixels(load()), Bytes{1});
  EXPECT_EQ(pixels(load(Split::kValidation)), Bytes{2});
}

TEST_F(SplitFoldersTest, ImagesBesideSplitsArePassedOverAndNamed) {
  image("train/cat/1", 1);
  image("test/cat/1", 2);
  image("logo", 3);
  EXPECT_EQ(pixels(load()), Bytes{1});
  EXPECT_EQ(load().warnings, Names{"1 image beside the splits passed over: logo.png"});
  image("map", 3);
  EXPECT_EQ(load(Split::kTest).warnings,
            Names{"2 images beside the splits passed over: logo.png, ..."});
}

TEST_F(SplitFoldersTest, AClassNamedAsASplitIsAWarningAndNamedInErrors) {
  image("car/1", 1);
  image("train/1", 2);
  const std::string train = (folder_ / "train").string();
  EXPECT_EQ(load().warnings,
            Names{train + " is read as a class, as the folders beside it are no splits; images:" +
                  train + " reads it alone"});
  expect_error(ErrorCode::kUsage,
               {"split=train picks", folder_.string() + " has train beside other folders",
                "images:" + train},
               [&] { load(Split::kTrain); });
  std::filesystem::remove_all(folder_);
  image("1", 1);
  image("train/1", 2);
  expect_error(ErrorCode::kUsage, {"has train beside other folders or images"},
               [&] { load(Split::kTrain); });
  expect_error(ErrorCode::kBadData, {"both directly in it (1.png)"}, [&] { load(); });
}

TEST_F(SplitFoldersTest, ClassesThatDifferInCaseAloneAreAWarning) {
  image("train/Cat/1", 1);
  image("test/cat/1", 2);
  image("test/dog/1", 3);
  const std::string warning =
      "classes whose names differ in upper and lower case alone are kept apart: Cat and cat";
  EXPECT_EQ(load().warnings, Names{warning});
  EXPECT_EQ(load(Split::kTest).labels, (Labels{1, 2}));
  image("train/Dog/1", 4);
  EXPECT_EQ(load().warnings, Names{warning + " and 1 more"});
}

TEST_F(SplitFoldersTest, FoldersInTheOnlyClassAreAWarning) {
  image("photos/all/cat/1", 1);
  image("photos/all/dog/1", 2);
  EXPECT_EQ(load().class_names, Names{"photos"});
  EXPECT_EQ(load().warnings,
            Names{"all images of " + folder_.string() +
                  " are of one class, photos; if the folders in it are the classes, give images:" +
                  (folder_ / "photos/all").string()});
  std::filesystem::remove_all(folder_);
  image("photos/2020/1", 1);
  image("photos/1", 1);
  EXPECT_TRUE(load().warnings.empty());
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
