#include <cstdlib>
#include <optional>

#include "data/formats/idx_dataset.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

/// Folders in which MNIST and its relatives come.
class IdxFolderTest : public FilesTest {
 protected:
  const std::string images_ = idx_bytes({2, 2, 3}, "abcdefghijkl");
  const std::string labels_ = idx_bytes({2}, "\x07\x03");
  const std::vector<std::int32_t> both_{7, 3};
};

TEST_F(IdxFolderTest, TorchvisionsRootIsLookedThrough) {
  write("MNIST/raw/train-images-idx3-ubyte", images_);
  write("MNIST/raw/train-labels-idx1-ubyte", labels_);
  EXPECT_EQ(load_idx(folder_, Split::kTrain).labels, both_);
  EXPECT_EQ(load_idx(folder_ / "MNIST", std::nullopt).labels, both_);
  expect_error(ErrorCode::kNoInput, {folder_.string(), "t10k-images-idx3-ubyte"},
               [&] { load_idx(folder_, Split::kTest); });
  write("FashionMNIST/raw/train-images-idx3-ubyte.gz", gzipped(images_));
  expect_error(ErrorCode::kNoInput,
               {"found in " + (folder_ / "FashionMNIST/raw").string() + " and " +
                (folder_ / "MNIST/raw").string()},
               [&] { load_idx(folder_, Split::kTrain); });
}

TEST_F(IdxFolderTest, FolderOfTheSameNameIsNoFile) {
  write("train-images.idx3-ubyte", images_);
  write("train-images-idx3-ubyte/readme", "");
  write("train-labels.idx1-ubyte", labels_);
  write("train-labels-idx1-ubyte/readme", "");
  EXPECT_EQ(load_idx(folder_, std::nullopt).labels, both_);
}

TEST_F(IdxFolderTest, FolderOfTheSameNameMayHoldTheFile) {
  write("train-images-idx3-ubyte/train-images-idx3-ubyte", images_);
  write("train-labels-idx1-ubyte/train-labels-idx1-ubyte", labels_);
  EXPECT_EQ(load_idx(folder_, std::nullopt).labels, both_);
  // As Kaggle has it: the files, and the folders as well.
  write("train-images.idx3-ubyte", images_);
  write("train-labels.idx1-ubyte", labels_);
  EXPECT_EQ(load_idx(folder_ / "train-images.idx3-ubyte", std::nullopt).labels, both_);
}

TEST_F(IdxFolderTest, FashionMnistIsNotTakenFromMnist) {
  write("MNIST/raw/train-images-idx3-ubyte", images_);
  write("MNIST/raw/train-labels-idx1-ubyte", labels_);
  const std::string old = std::getenv("EBM_DATA") == nullptr ? "" : std::getenv("EBM_DATA");
  setenv("EBM_DATA", folder_.c_str(), 1);
  expect_error(ErrorCode::kNoInput, {folder_.string(), "found in", "MNIST/raw"},
               [] { load_fashion_mnist(std::nullopt); });
  write("FashionMNIST/raw/train-images-idx3-ubyte.gz", gzipped(images_));
  EXPECT_TRUE(load_fashion_mnist(std::nullopt).labels.empty());
  write("FashionMNIST/raw/train-labels-idx1-ubyte.gz", gzipped(labels_));
  EXPECT_EQ(load_fashion_mnist(std::nullopt).labels, both_);
  old.empty() ? unsetenv("EBM_DATA") : setenv("EBM_DATA", old.c_str(), 1);
}

TEST_F(IdxFolderTest, BrokenLinksAreNamedAndNoLabelsAreLostSilently) {
  write("train-images-idx3-ubyte", images_);
  std::filesystem::create_symlink("gone.gz", folder_ / "train-labels-idx1-ubyte.gz");
  expect_error(ErrorCode::kNoInput,
               {"train-labels-idx1-ubyte.gz", "is a link to gone.gz, which is not there"},
               [&] { load_idx(folder_, std::nullopt); });
  std::filesystem::create_symlink("/gone", folder_ / "t10k-images-idx3-ubyte");
  expect_error(ErrorCode::kNoInput, {"t10k-images-idx3-ubyte", "is a link to /gone"},
               [&] { load_idx(folder_, Split::kTest); });
}

TEST_F(IdxFolderTest, WhatIsPackedTwiceIsNamed) {
  const fs::path file = write("train-images-idx3-ubyte.gz", gzipped(gzipped(images_)));
  expect_error(ErrorCode::kBadData, {file.string(), "packed by gzip twice", "gunzip"},
               [&] { load_idx(file, std::nullopt); });
  write("train-images-idx3-ubyte.gz", gzipped(std::string(257, 'x') + "ustar" + images_));
  expect_error(ErrorCode::kBadData, {file.string(), "tar archive"},
               [&] { load_idx(file, std::nullopt); });
  write("train-images-idx3-ubyte.gz", "<!DOCTYPE html>");
  expect_error(ErrorCode::kBadData, {file.string(), "a web page"},
               [&] { load_idx(file, std::nullopt); });
}

}  // namespace
}  // namespace ebm::data
