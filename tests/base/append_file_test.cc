#include "base/append_file.h"

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

TEST(AppendFileTest, PiecesAreInTheFileAsSoonAsTheyAreAppended) {
  const fs::path path = fs::path(testing::TempDir()) / "append_file_test";
  write_file_atomically(path, "something else");
  AppendFile file(path, "begin ");
  EXPECT_EQ(read_file(path), "begin ");
  file.append("and ");
  file.append("");
  EXPECT_EQ(read_file(path), "begin and ");
  file.append("end");
  EXPECT_EQ(read_file(path), "begin and end");
  fs::remove(path);
}

TEST(AppendFileTest, AFolderThatIsNotThereIsAnErrorThatNamesThePath) {
  const fs::path path = fs::path(testing::TempDir()) / "no_such_folder" / "file";
  try {
    const AppendFile file(path, "");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
  }
}

}  // namespace
}  // namespace ebm::base
