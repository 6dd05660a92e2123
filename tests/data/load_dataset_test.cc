#include "data/load_dataset.h"

#include <algorithm>
#include <set>

#include "data/formats/npy.h"
#include "data/toys.h"
#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using Bytes = std::vector<std::uint8_t>;

class LoadDatasetTest : public FilesTest {
 protected:
  void SetUp() override {
    FilesTest::SetUp();
    write("train-images-idx3-ubyte", idx_bytes({4, 2, 2}, "abcdefghijklmnop"));
    write("train-labels-idx1-ubyte", idx_bytes({4}, {"\0\1\0\1", 4}));
    idx_ = "idx:" + folder_.string();
  }
  static Bytes pixels(const Dataset& dataset) { return std::get<Bytes>(dataset.values); }
  static Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

  std::string idx_;
};

TEST_F(LoadDatasetTest, ClassIsAppliedBeforeLimit) {
  const Dataset dataset = load_dataset(idx_ + "#class=1,limit=1");
  EXPECT_EQ(dataset.n, 1);
  EXPECT_EQ(pixels(dataset), bytes_of("efgh"));
  EXPECT_EQ(dataset.labels, std::vector<std::int32_t>{1});
  EXPECT_EQ(dataset.name, idx_ + "#split=train,limit=1,class=1");
  EXPECT_EQ(pixels(load_dataset(idx_ + "#class=1")), bytes_of("efghmnop"));
  EXPECT_EQ(load_dataset(idx_ + "#limit=3").labels, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(load_dataset(idx_ + "#limit=100").n, 4);
}

TEST_F(LoadDatasetTest, AnItemIsOneOfThoseOfItsClassAndLimit) {
  const Dataset second = load_dataset(idx_ + "#class=1,item=1");
  EXPECT_EQ(second.n, 1);
  EXPECT_EQ(pixels(second), bytes_of("mnop"));
  EXPECT_EQ(second.labels, std::vector<std::int32_t>{1});
  EXPECT_EQ(second.name, idx_ + "#split=train,class=1,item=1");
  EXPECT_EQ(pixels(load_dataset(idx_ + "#item=2")), bytes_of("ijkl"));
  for (const char* options : {"#class=1,item=2", "#limit=2,item=2"}) {
    expect_error(ErrorCode::kBadData, {folder_.string(), "item=2 is not there, expected 0 to 1"},
                 [&] { load_dataset(idx_ + options); });
  }
  const Dataset points = load_dataset("toy:rings#seed=4");
  const Dataset point = load_dataset("toy:rings#seed=4,item=9");
  const auto& all = std::get<std::vector<float>>(points.values);
  EXPECT_EQ(std::get<std::vector<float>>(point.values), std::vector<float>({all[18], all[19]}));
}

TEST_F(LoadDatasetTest, WarningsAreOneLineWhateverTheNames) {
  const fs::path file = write("a\n\x1b[31m-images-idx4-ubyte", idx_bytes({1, 2, 2, 1}, "abcd"));
  const auto warnings = load_dataset("idx:" + file.string()).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("a\\x0a\\x1b[31m-images"), std::string::npos) << warnings[0];
}

TEST_F(LoadDatasetTest, ClassThatLeavesNothingIsBadData) {
  expect_error(ErrorCode::kBadData, {folder_.string(), "class=2 leaves nothing", "0 to 1"},
               [this] { load_dataset(idx_ + "#class=2"); });
  fs::remove(folder_ / "train-labels-idx1-ubyte");
  expect_error(ErrorCode::kBadData, {folder_.string(), "class=1", "labels"},
               [this] { load_dataset(idx_ + "#class=1"); });
}

TEST_F(LoadDatasetTest, ClassesGoByNameWhereTheSetNamesThem) {
  expect_error(ErrorCode::kBadData, {folder_.string(), "'b'", "names no classes"},
               [this] { load_dataset(idx_ + "#class=b"); });
  std::string records;
  for (const char label : {'\3', '\5'}) records += label + std::string(3072, label);
  write("cifar/test_batch.bin", records);
  const std::string cifar = "cifar10:" + (folder_ / "cifar").string() + "#split=test,class=";
  EXPECT_EQ(load_dataset(cifar + "dog").labels, std::vector<std::int32_t>{5});
  EXPECT_EQ(load_dataset(cifar + "dog").name, cifar + "dog");
  expect_error(ErrorCode::kBadData, {"'dogg'", "did you mean 'dog'?"},
               [&] { load_dataset(cifar + "dogg"); });
}

TEST_F(LoadDatasetTest, SizeAndGrayApplyToAnySetOfBytes) {
  const Dataset small = load_dataset(idx_ + "#size=1,limit=2,gray=1");
  EXPECT_EQ(small.shape, (ItemShape{1, 1, 1}));
  EXPECT_EQ(pixels(small), (Bytes{99, 103}));  // means of abcd 98.5 and efgh 102.5
  write("c-images-idx4-ubyte", idx_bytes({1, 3, 1, 1}, "\x0a\x14\x1e"));
  const std::string color = "idx:" + (folder_ / "c-images-idx4-ubyte").string();
  EXPECT_EQ(pixels(load_dataset(color + "#gray=1")), Bytes{18});
  EXPECT_EQ(load_dataset(color + "#size=3").shape, (ItemShape{3, 3, 3}));
  write("c-images-idx4-ubyte", idx_bytes({1, 2, 2, 2}, "abcdefgh"));
  expect_error(ErrorCode::kBadData, {"gray=1", "1 or 3 channels, found 2"},
               [&] { load_dataset(color + "#gray=1"); });
}

TEST_F(LoadDatasetTest, EveryKindIsDispatched) {
  const fs::path npy = folder_ / "a.npy";
  write_npy(npy, std::vector<float>{1, 2, 3, 4}, std::vector<std::int64_t>{2, 2});
  EXPECT_EQ(load_dataset("npy:" + npy.string() + "#limit=1").n, 1);
  write("images/a/1.png", png_bytes({}, {7}));
  write("images/b/1.png", png_bytes({}, {8}));
  const Dataset images =
      load_dataset("images:" + (folder_ / "images").string() + "#class=1,size=2");
  EXPECT_EQ(pixels(images), Bytes(4, 8));
  EXPECT_EQ(images.labels, std::vector<std::int32_t>{1});
  expect_error(ErrorCode::kNoInput, {"test_batch.bin"},
               [this] { load_dataset("cifar10:" + folder_.string() + "#split=test"); });
  expect_error(ErrorCode::kUsage, {"unknown kind"}, [] { load_dataset("mnist"); });
}

TEST_F(LoadDatasetTest, StackedImagesAreThreeOfTheSet) {
  const Dataset grey = load_dataset(idx_), stacked = load_dataset(idx_ + "#stack=1");
  EXPECT_EQ(stacked.name, idx_ + "#split=train,stack=1");
  EXPECT_EQ(stacked.shape, (ItemShape{3, 2, 2}));
  ASSERT_EQ(stacked.n, 4);
  const Bytes one = pixels(grey), three = pixels(stacked);
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < 4; ++i) {
    std::int32_t label = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const auto channel = three.begin() + static_cast<std::ptrdiff_t>(i * 12 + c * 4);
      // The pixels of an image are four letters in a row.
      const std::int64_t item = (*channel - 'a') / 4;
      EXPECT_TRUE(std::equal(channel, channel + 4, one.begin() + item * 4));
      label = 2 * label + grey.labels[static_cast<std::size_t>(item)];
      seen.insert(item);
    }
    EXPECT_EQ(stacked.labels[i], label);
  }
  EXPECT_EQ(seen.size(), 4u);  // of twelve draws, by this seed
  expect_error(ErrorCode::kUsage, {"stack"}, [] { load_dataset("toy:rings#stack=1"); });
}

TEST_F(LoadDatasetTest, ToyHasItsDefaultsInItsName) {
  const Dataset toy = load_dataset("toy:8gaussians");
  EXPECT_EQ(toy.n, 10000);
  EXPECT_EQ(toy.name, "toy:8gaussians#split=train,limit=10000,seed=0");
  EXPECT_EQ(toy.values, draw_toy("8gaussians", {}).values);
  const Dataset other = load_dataset("toy:8gaussians#split=test,limit=5,seed=3");
  EXPECT_EQ(other.values, draw_toy("8gaussians", {.n = 5, .seed = 3, .test = true}).values);
}

}  // namespace
}  // namespace ebm::data
