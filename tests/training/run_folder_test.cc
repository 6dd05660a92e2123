#include "training/run_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"

namespace ebm::training {
namespace {
namespace fs = std::filesystem;

TEST(RunFolderTest, IsMadeAndLockedWhileItLives) {
  const fs::path path = fs::path(testing::TempDir()) / "run_folder_test";
  fs::remove_all(path);
  {
    const RunFolder folder(path);
    EXPECT_TRUE(fs::is_directory(folder.samples()));
    EXPECT_TRUE(fs::is_directory(folder.checkpoints()));
    try {
      const RunFolder second(path);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kIo);
      EXPECT_NE(std::string(error.what()).find("another process"), std::string::npos);
    }
  }
  EXPECT_NO_THROW(RunFolder{path});
  fs::remove_all(path);
}

TEST(RunFolderTest, UnderAFileIsRefused) {
  const fs::path path = fs::path(testing::TempDir()) / "run_folder_file";
  std::ofstream(path) << "x";
  EXPECT_THROW(RunFolder{path / "run"}, Error);
  EXPECT_THROW(RunFolder{path}, Error);
  fs::remove(path);
}

}  // namespace
}  // namespace ebm::training
