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
  // What a killed process leaves is swept; what is whole stays.
  fs::create_directories(path / "checkpoints" / ".000003.partial");
  fs::create_directories(path / "checkpoints" / "000002");
  std::ofstream(path / ".model.safetensors.partial123") << "x";
  EXPECT_NO_THROW(RunFolder{path});
  EXPECT_FALSE(fs::exists(path / "checkpoints" / ".000003.partial"));
  EXPECT_FALSE(fs::exists(path / ".model.safetensors.partial123"));
  EXPECT_TRUE(fs::exists(path / "checkpoints" / "000002"));
  fs::remove_all(path);
}

TEST(RunFolderTest, UnderAFileIsRefused) {
  const fs::path path = fs::path(testing::TempDir()) / "run_folder_file";
  std::ofstream(path) << "x";
  EXPECT_THROW(RunFolder{path / "run"}, Error);
  EXPECT_THROW(RunFolder{path}, Error);
  EXPECT_THROW(require_possible_folder(path / "run"), Error);
  EXPECT_THROW(require_possible_folder(path), Error);
  fs::remove(path);
}

TEST(RunFolderTest, WhetherItCanBeMadeIsKnownWithoutMakingIt) {
  const fs::path path = fs::path(testing::TempDir()) / "run_folder_possible";
  fs::remove_all(path);
  require_possible_folder(path / "a" / "b");
  EXPECT_FALSE(fs::exists(path));
  require_possible_folder("run_folder_possible");  // below the present folder
}

}  // namespace
}  // namespace ebm::training
