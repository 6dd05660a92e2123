#include "base/free_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/nets/expect_error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

/// A folder of this test, empty at the start.
class FreeFileTest : public testing::Test {
 protected:
  FreeFileTest() {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  ~FreeFileTest() override { fs::remove_all(folder_); }

  const fs::path folder_ = testing::TempDir() + "free_file_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string stem_ = (folder_ / "samples").string();
};

TEST_F(FreeFileTest, TakesTheFirstNumberThatIsFree) {
  EXPECT_EQ(make_free_file(stem_, ".png"), stem_ + ".png");
  EXPECT_EQ(make_free_file(stem_, ".png"), stem_ + "-2.png");
  std::ofstream(stem_ + "-3.png") << "another program's";
  EXPECT_EQ(make_free_file(stem_, ".png"), stem_ + "-4.png");
  EXPECT_EQ(make_free_file(stem_, ".npy"), stem_ + ".npy");
  EXPECT_EQ(fs::file_size(stem_ + "-4.png"), 0u);
  EXPECT_GT(fs::file_size(stem_ + "-3.png"), 0u);
}

// A link that leads nowhere exists, and what it leads to is not made.
TEST_F(FreeFileTest, PassesOverLinks) {
  fs::create_symlink("nowhere.png", stem_ + ".png");
  EXPECT_EQ(make_free_file(stem_, ".png"), stem_ + "-2.png");
  EXPECT_FALSE(fs::exists(folder_ / "nowhere.png"));
}

TEST_F(FreeFileTest, AFolderThatDoesNotExistIsRefused) {
  require_free_file(stem_, ".png");
  EXPECT_TRUE(fs::is_empty(folder_));
  const std::string nowhere = (folder_ / "no-such-folder/samples").string();
  nets::expect_error(ErrorCode::kIo, nowhere, [&] { require_free_file(nowhere, ".png"); });
  nets::expect_error(ErrorCode::kIo, nowhere, [&] { make_free_file(nowhere, ".png"); });
}

}  // namespace
}  // namespace ebm::base
