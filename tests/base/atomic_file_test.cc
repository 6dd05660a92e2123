#include "base/atomic_file.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  ErrorCode code_of_writing(const fs::path& path) {
    try {
      write_file_atomically(path, "new");
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
      return error.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  fs::path folder_;
};

TEST_F(AtomicFileTest, ReplacesAFileAndLeavesNothingBeside) {
  write_file_atomically(folder_ / "x", "first");
  write_file_atomically(folder_ / "x", std::string(3000000, 'a'));
  EXPECT_EQ(read_file(folder_ / "x"), std::string(3000000, 'a'));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(AtomicFileTest, FailureNamesThePathAndLeavesNothing) {
  write_file_atomically(folder_ / "file", "old");
  EXPECT_EQ(code_of_writing(folder_ / "file" / "under"), ErrorCode::kIo);
  EXPECT_EQ(code_of_writing(folder_ / "none" / "x"), ErrorCode::kIo);
  fs::create_directory(folder_ / "sub");
  EXPECT_EQ(code_of_writing(folder_ / "sub"), ErrorCode::kIo);
  EXPECT_EQ(read_file(folder_ / "file"), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(AtomicFileTest, ProbeSaysWhetherAFileCouldBeMadeAndMakesNone) {
  EXPECT_THROW(require_writable(folder_), Error);
  EXPECT_THROW(require_writable(folder_ / "none" / "y"), Error);
  EXPECT_NO_THROW(require_writable(folder_ / "y"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(AtomicFileTest, ReadingWhatIsNotThereIsNoInput) {
  try {
    read_file(folder_ / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.code()), 66);
  }
}

}  // namespace
}  // namespace ebm::base
