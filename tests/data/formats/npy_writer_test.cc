#include "data/formats/npy_writer.h"

#include <numeric>

#include "base/atomic_file.h"
#include "data/formats/npy.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using Shape = std::vector<std::int64_t>;

std::vector<float> float_ramp(std::size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), -3.5f);
  return values;
}

class NpyWriterTest : public FilesTest {
 protected:
  void SetUp() override {
    FilesTest::SetUp();
    file_ = folder_ / "a.npy";
  }
  std::ptrdiff_t n_files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  fs::path file_;
};

TEST_F(NpyWriterTest, PiecesGiveTheBytesOfTheWhole) {
  const std::vector<float> values = float_ramp(30);
  const std::span<const float> all(values);
  for (const Shape& shape : {Shape{30}, Shape{5, 6}, Shape{5, 3, 2}}) {
    NpyWriter writer(file_, shape);
    writer.append(all.first(7));
    writer.append(all.subspan(7, 0));
    writer.append(all.subspan(7, 22));
    writer.append(all.last(1));
    writer.finish();
    EXPECT_EQ(base::read_file(file_), npy_bytes(values, shape));
  }
  EXPECT_EQ(n_files(), 1);
}

TEST_F(NpyWriterTest, OfNothingIsAFileToo) {
  const Shape shape{0, 4};
  NpyWriter writer(file_, shape);
  writer.finish();
  EXPECT_EQ(base::read_file(file_), npy_bytes(std::vector<float>{}, shape));
}

TEST_F(NpyWriterTest, TheFileAppearsWhenFinished) {
  const std::vector<float> values = float_ramp(4);
  base::write_file_atomically(file_, "old");
  NpyWriter writer(file_, Shape{4});
  writer.append(values);
  EXPECT_EQ(base::read_file(file_), "old");
  writer.finish();
  EXPECT_EQ(base::read_file(file_), npy_bytes(values, Shape{4}));
}

TEST_F(NpyWriterTest, WithoutFinishNothingIsLeft) {
  {
    NpyWriter writer(file_, Shape{4});
    writer.append(float_ramp(4));
    EXPECT_EQ(n_files(), 1) << "nothing is written beside, so that this test shows nothing";
  }
  EXPECT_EQ(n_files(), 0);
}

TEST_F(NpyWriterTest, TooManyValuesAreRefusedAndDoNotCount) {
  NpyWriter writer(file_, Shape{2, 2});
  writer.append(float_ramp(3));
  expect_error(ErrorCode::kShape, {"2 values", "the 1 that are left"},
               [&] { writer.append(float_ramp(2)); });
  writer.append(std::vector<float>{9.0f});
  writer.finish();
  EXPECT_EQ(base::read_file(file_),
            npy_bytes(std::vector<float>{-3.5f, -2.5f, -1.5f, 9.0f}, Shape{2, 2}));
}

TEST_F(NpyWriterTest, MissingValuesAreRefusedAndLeaveNothing) {
  {
    NpyWriter writer(file_, Shape{2, 2});
    writer.append(float_ramp(3));
    expect_error(ErrorCode::kShape, {"1 values", "missing"}, [&] { writer.finish(); });
  }
  EXPECT_EQ(n_files(), 0);
}

TEST_F(NpyWriterTest, WhatNoDiskHoldsIsRefusedBeforeAnyFileIsMade) {
  // 4 EB are more than any disk has; 2^63 bytes more than a file; 2^66 values more than a counter,
  // and the second of these would be 0 bytes if it were let to wrap around.
  const Shape exabytes{1'000'000'000'000'000'000};
  expect_error(ErrorCode::kIo, {"a.npy", "needs 4000000000000000000 bytes", "the disk has"},
               [&] { NpyWriter(file_, exabytes); });
  for (const Shape& shape : {Shape{std::int64_t{1} << 61}, Shape{std::int64_t{1} << 62, 16}}) {
    expect_error(ErrorCode::kIo, {"a.npy", "more bytes than a file can have"},
                 [&] { NpyWriter(file_, shape); });
  }
  EXPECT_EQ(n_files(), 0);
}

TEST_F(NpyWriterTest, AFolderThatIsNotThereIsNamed) {
  expect_error(ErrorCode::kIo, {"nowhere/a.npy"},
               [&] { NpyWriter(folder_ / "nowhere" / "a.npy", Shape{4}); });
}

}  // namespace
}  // namespace ebm::data
