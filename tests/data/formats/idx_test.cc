#include "data/formats/idx.h"

#include <cstdlib>
#include <optional>

#include "data/formats/idx_dataset.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

/// Sets EBM_DATA while it lives.
class ScopedDataFolder {
 public:
  explicit ScopedDataFolder(const fs::path& folder) {
    if (const char* old = std::getenv("EBM_DATA")) old_ = old;
    setenv("EBM_DATA", folder.c_str(), 1);
  }
  ~ScopedDataFolder() { old_ ? setenv("EBM_DATA", old_->c_str(), 1) : unsetenv("EBM_DATA"); }

 private:
  std::optional<std::string> old_;
};

class IdxTest : public FilesTest {
 protected:
  /// Checks that a file of these bytes is refused, whose message names it and holds `facts`.
  void expect_bad(const std::string& bytes, std::vector<std::string> facts) {
    const fs::path path = write("bad-idx", bytes);
    facts.push_back(path.string());
    expect_error(ErrorCode::kBadData, facts, [&] { read_idx(path); });
  }
  const std::string two_images_ = idx_bytes({2, 2, 3}, "abcdefghijkl");
  const std::string two_labels_ = idx_bytes({2}, "\x07\x03");
};

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

const std::vector<std::uint8_t>& pixels(const Dataset& dataset) {
  return std::get<std::vector<std::uint8_t>>(dataset.values);
}

TEST_F(IdxTest, PlainAndPackedFilesHoldTheSameWhateverTheirName) {
  for (const std::string& bytes : {two_images_, gzipped(two_images_)}) {
    const IdxArray array = read_idx(write("any-name", bytes));
    EXPECT_EQ(array.dims, (std::vector<std::int64_t>{2, 2, 3}));
    EXPECT_EQ(array.values, bytes_of("abcdefghijkl"));
  }
}

TEST_F(IdxTest, ShortFileIsNamedWithItsOffset) {
  expect_bad(two_images_.substr(0, 27), {"2 x 2 x 3 bytes", "at most 11", "offset 16"});
  expect_bad(two_images_.substr(0, 9), {"ends at offset 9", "16 bytes"});
  expect_bad(two_images_.substr(0, 3), {"ends at offset 3"});
  expect_bad("", {"ends at offset 0"});
  expect_bad(gzipped(two_images_.substr(0, 27)), {"ends at offset 27", "expected 28 bytes"});
  expect_bad(gzipped(two_images_).substr(0, 30), {"truncated gzip data", "offset 30"});
}

TEST_F(IdxTest, TrailingBytesAreNamedWithTheirOffset) {
  expect_bad(two_images_ + "xx", {"2 bytes too many from offset 28"});
  expect_bad(gzipped(two_images_ + "xx"), {"more than the expected 28 bytes"});
  expect_bad(gzipped(idx_bytes({1, 30, 30}, std::string(900, 'i')) + "x"),
             {"more than the expected 916 bytes"});
  expect_bad(gzipped(two_images_) + "xx", {"2 bytes that are not gzip"});
}

TEST_F(IdxTest, WrongMagicTypeOrDimensionsAreNamed) {
  std::string bytes = two_images_;
  bytes[0] = 'P';
  expect_bad(bytes, {"'P\\x00' at offset 0", "two zero bytes"});
  bytes = two_images_;
  bytes[2] = 0x0d;
  expect_bad(bytes, {"data type 13 at offset 2", "expected 8"});
  bytes = two_images_;
  bytes[3] = 9;
  expect_bad(bytes, {"9 dimensions at offset 3", "expected 1 to 4"});
  expect_bad(idx_bytes({2, 0, 3}, ""), {"length of 0 at offset 8"});
}

TEST_F(IdxTest, AbsurdLengthsAreFoundBeforeMemoryIsTaken) {
  constexpr std::uint32_t kMax = 0xffffffffu;
  expect_bad(idx_bytes({kMax, kMax, kMax, kMax}, "abc"), {"4294967295 x 4294967295", "at most 3"});
  // 2^31 · 2^31 · 4 is 0 modulo 2^64.
  expect_bad(idx_bytes({0x80000000u, 0x80000000u, 4}, ""), {"2147483648 x 2147483648 x 4"});
  expect_bad(gzipped(idx_bytes({kMax, kMax, 28}, "abc")), {"4294967295 x 4294967295 x 28"});
}

TEST_F(IdxTest, LabelsBesideTheImagesAreRead) {
  const fs::path images = write("x-images-idx3-ubyte.gz", gzipped(two_images_));
  EXPECT_TRUE(load_idx(images, std::nullopt).labels.empty());
  write("x-labels-idx1-ubyte", two_labels_);
  const Dataset dataset = load_idx(images, std::nullopt);
  EXPECT_EQ(dataset.n, 2);
  EXPECT_EQ(dataset.shape, (ItemShape{1, 2, 3}));
  EXPECT_EQ(pixels(dataset), bytes_of("abcdefghijkl"));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{7, 3}));
}

TEST_F(IdxTest, FourDimensionsAreChannels) {
  const fs::path images = write("c-images-idx4-ubyte", idx_bytes({1, 3, 1, 2}, "rRgGbB"));
  EXPECT_EQ(load_idx(images, std::nullopt).shape, (ItemShape{3, 1, 2}));
}

TEST_F(IdxTest, LabelsAreNotTakenForImages) {
  const fs::path labels = write("train-labels-idx1-ubyte", two_labels_);
  expect_error(ErrorCode::kBadData, {labels.string(), "1 dimensions (2) at offset 3"},
               [&] { load_idx(labels, std::nullopt); });
}

TEST_F(IdxTest, LabelCountThatDiffersNamesBothFiles) {
  const fs::path images = write("x-images-idx3-ubyte", two_images_);
  const fs::path labels = write("x-labels-idx1-ubyte", idx_bytes({3}, "abc"));
  expect_error(ErrorCode::kBadData, {labels.string(), "3 labels", "expected 2", images.string()},
               [&] { load_idx(images, std::nullopt); });
  write("x-labels-idx1-ubyte", two_images_);
  expect_error(ErrorCode::kBadData, {labels.string(), "3 dimensions"},
               [&] { load_idx(images, std::nullopt); });
}

TEST_F(IdxTest, FolderPicksTheFilesOfTheSplit) {
  write("train-images-idx3-ubyte", two_images_);
  write("train-labels-idx1-ubyte.gz", gzipped(two_labels_));
  write("t10k-images.idx3-ubyte", idx_bytes({1, 1, 1}, "t"));
  write("t10k-labels.idx1-ubyte", idx_bytes({1}, "\x05"));
  EXPECT_EQ(load_idx(folder_, std::nullopt).n, 2);
  EXPECT_EQ(load_idx(folder_, Split::kTrain).labels, (std::vector<std::int32_t>{7, 3}));
  EXPECT_EQ(load_idx(folder_, Split::kTest).labels, (std::vector<std::int32_t>{5}));
}

TEST_F(IdxTest, FolderTakesAPrefixedNameIfItIsTheOnlyOne) {
  write("emnist-letters-train-images-idx3-ubyte", two_images_);
  write("emnist-letters-test-images-idx3-ubyte", idx_bytes({1, 1, 1}, "t"));
  EXPECT_EQ(load_idx(folder_, Split::kTrain).n, 2);
  EXPECT_EQ(load_idx(folder_, Split::kTest).n, 1);
  write("emnist-digits-train-images-idx3-ubyte", two_images_);
  expect_error(ErrorCode::kBadData,
               {folder_.string(), "emnist-digits", "emnist-letters", "split=train"},
               [&] { load_idx(folder_, Split::kTrain); });
}

TEST_F(IdxTest, MissingFilesAndSplitOfAFileAreNamed) {
  expect_error(ErrorCode::kNoInput, {folder_.string(), "t10k-images-idx3-ubyte", "split=test"},
               [&] { load_idx(folder_, Split::kTest); });
  expect_error(ErrorCode::kNoInput, {"absent"},
               [&] { load_idx(folder_ / "absent", Split::kTest); });
  const fs::path file = write("x-images-idx3-ubyte", two_images_);
  expect_error(ErrorCode::kUsage, {"split=test", file.string()},
               [&] { load_idx(file, Split::kTest); });
}

TEST_F(IdxTest, FashionMnistIsFoundByItsVariable) {
  write("fashion-mnist/train-images-idx3-ubyte", two_images_);
  write("fashion-mnist/train-labels-idx1-ubyte", two_labels_);
  for (const fs::path& folder : {folder_, folder_ / "fashion-mnist"}) {
    const ScopedDataFolder variable(folder);
    const Dataset dataset = load_fashion_mnist(std::nullopt);
    EXPECT_EQ(dataset.n, 2);
    ASSERT_EQ(dataset.class_names.size(), 10u);
    EXPECT_EQ(dataset.class_names[9], "Ankle boot");
  }
  write("fashion-mnist/train-labels-idx1-ubyte", idx_bytes({2}, "\x01\x0a"));
  const ScopedDataFolder variable(folder_);
  expect_error(ErrorCode::kBadData, {folder_.string(), "label 10", "item 1", "0 to 9"},
               [] { load_fashion_mnist(Split::kTrain); });
}

TEST_F(IdxTest, MissingFashionMnistTellsHowToGetIt) {
  const ScopedDataFolder variable(folder_ / "absent");
  expect_error(ErrorCode::kNoInput, {"absent", "apt install dataset-fashion-mnist", "EBM_DATA"},
               [] { load_fashion_mnist(std::nullopt); });
}

TEST(FashionMnistTest, DebiansPackageHasSixThousandOfEachClass) {
  const fs::path debian = "/usr/share/datasets/fashion-mnist";
  if (!fs::exists(debian)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  const Dataset dataset = load_idx(debian, Split::kTrain);
  EXPECT_EQ(dataset.n, 60000);
  EXPECT_EQ(dataset.shape, (ItemShape{1, 28, 28}));
  ASSERT_EQ(dataset.labels.size(), 60000u);
  EXPECT_EQ(dataset.labels[0], 9);
  std::vector<int> counts(10);
  for (const std::int32_t label : dataset.labels) ++counts[static_cast<std::size_t>(label)];
  EXPECT_EQ(counts, std::vector<int>(10, 6000));
  EXPECT_EQ(load_idx(debian, Split::kTest).n, 10000);
}

}  // namespace
}  // namespace ebm::data
