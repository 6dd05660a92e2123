#include "data/formats/cifar10.h"

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

class Cifar10Test : public FilesTest {
 protected:
  /// One record: the label, then 1024 bytes each of value, value + 1 and value + 2.
  static std::string record(int label, int value) {
    std::string bytes(1, static_cast<char>(label));
    for (int c = 0; c < 3; ++c) bytes += std::string(1024, static_cast<char>(value + c));
    return bytes;
  }
  void write_train(const std::string& under = "") {
    for (int b = 1; b <= 5; ++b) {
      write(under + "data_batch_" + std::to_string(b) + ".bin", record(b, 10 * b) + record(9, b));
    }
  }
};

TEST_F(Cifar10Test, BatchesFollowInOrder) {
  write_train();
  const Dataset dataset = load_cifar10(folder_, std::nullopt);
  EXPECT_EQ(dataset.n, 10);
  EXPECT_EQ(dataset.shape, (ItemShape{3, 32, 32}));
  EXPECT_EQ(dataset.labels, (std::vector<std::int32_t>{1, 9, 2, 9, 3, 9, 4, 9, 5, 9}));
  const auto& values = std::get<std::vector<std::uint8_t>>(dataset.values);
  ASSERT_EQ(values.size(), 30720u);
  EXPECT_EQ(values[0], 10);
  EXPECT_EQ(values[1024], 11);
  EXPECT_EQ(values[2 * 3072], 20);
  EXPECT_EQ(values.back(), 7);
  ASSERT_EQ(dataset.class_names.size(), 10u);
  EXPECT_EQ(dataset.class_names[3], "cat");
}

TEST_F(Cifar10Test, SubfolderSplitAndClassNamesAreFound) {
  write_train("cifar-10-batches-bin/");
  write("cifar-10-batches-bin/test_batch.bin", record(0, 1));
  write("cifar-10-batches-bin/batches.meta.txt", "a\nb\nc\nd\ne\nf\r\ng\nh\ni\nj\n\n");
  EXPECT_EQ(load_cifar10(folder_, Split::kTrain).n, 10);
  const Dataset test = load_cifar10(folder_, Split::kTest);
  EXPECT_EQ(test.n, 1);
  EXPECT_EQ(test.class_names[5], "f");
}

TEST_F(Cifar10Test, WrongClassNamesAreCounted) {
  write("test_batch.bin", record(0, 1));
  write("batches.meta.txt", "a\nb\n");
  expect_error(ErrorCode::kBadData, {"batches.meta.txt", "2 class names", "expected 10"},
               [&] { load_cifar10(folder_, Split::kTest); });
}

TEST_F(Cifar10Test, PartialRecordIsNamed) {
  for (const std::string& bytes : {record(1, 2).substr(0, 3072), std::string()}) {
    const fs::path path = write("test_batch.bin", bytes);
    expect_error(ErrorCode::kBadData,
                 {path.string(), std::to_string(bytes.size()) + " bytes", "record 0", "3073"},
                 [&] { load_cifar10(folder_, Split::kTest); });
  }
}

TEST_F(Cifar10Test, LabelAboveNineIsNamedWithItsRecord) {
  const fs::path path = write("test_batch.bin", record(9, 0) + record(10, 0));
  expect_error(ErrorCode::kBadData,
               {path.string(), "label 10", "record 1", "offset 3073", "0 to 9"},
               [&] { load_cifar10(folder_, Split::kTest); });
}

TEST_F(Cifar10Test, MissingBatchIsNoInput) {
  write_train();
  fs::remove(folder_ / "data_batch_4.bin");
  expect_error(ErrorCode::kNoInput, {"data_batch_4.bin"},
               [&] { load_cifar10(folder_, Split::kTrain); });
  const fs::path pickled = write("data_batch_4", "pickle");
  expect_error(ErrorCode::kNoInput, {"data_batch_4.bin", "Python version", "binary version"},
               [&] { load_cifar10(folder_, Split::kTrain); });
  expect_error(ErrorCode::kBadData, {"expected the folder"},
               [&] { load_cifar10(pickled, Split::kTrain); });
  expect_error(ErrorCode::kNoInput, {"absent"},
               [&] { load_cifar10(folder_ / "absent", Split::kTest); });
}

TEST_F(Cifar10Test, ABrokenLinkToTheClassNamesIsNamed) {
  write("test_batch.bin", record(3, 0));
  fs::create_symlink("gone.txt", folder_ / "batches.meta.txt");
  expect_error(ErrorCode::kNoInput, {"batches.meta.txt", "is a link to gone.txt"},
               [&] { load_cifar10(folder_, Split::kTest); });
}

TEST_F(Cifar10Test, OtherFilesAreNamed) {
  write("test_batch.bin", std::string(2 * 3074, '\1'));
  expect_error(ErrorCode::kBadData, {"test_batch.bin", "CIFAR-100"},
               [&] { load_cifar10(folder_, Split::kTest); });
  write("test_batch.bin", "<!DOCTYPE html>");
  expect_error(ErrorCode::kBadData, {"test_batch.bin", "a web page"},
               [&] { load_cifar10(folder_, Split::kTest); });
  std::filesystem::remove(folder_ / "test_batch.bin");
  write("cifar-10-binary.tar.gz", "");
  expect_error(ErrorCode::kNoInput, {"cifar-10-binary.tar.gz", "still packed", "tar xzf"},
               [&] { load_cifar10(folder_, Split::kTest); });
}

}  // namespace
}  // namespace ebm::data
