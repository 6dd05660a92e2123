#include "base/path_kind.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

TEST(PathKindTest, TellsFilesFoldersAndNothingApart) {
  const fs::path folder = fs::path(testing::TempDir()) / "path_kind";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "file") << "x";
  fs::create_symlink("file", folder / "link");
  EXPECT_TRUE(path_exists(folder) && is_folder(folder) && !is_file(folder));
  for (const char* name : {"file", "link"}) {
    EXPECT_TRUE(path_exists(folder / name) && !is_folder(folder / name)) << name;
    EXPECT_TRUE(is_file(folder / name)) << name;
  }
  for (const std::string& name : {std::string("nothing"), std::string("file/below"),
                                  std::string(300, 'n'), std::string(5000, 'n')}) {
    const fs::path path = folder / name;
    EXPECT_FALSE(path_exists(path) || is_folder(path) || is_file(path)) << name;
  }
  fs::remove_all(folder);
}

TEST(PathKindTest, ALoopOfLinksIsAnError) {
  const fs::path link = fs::path(testing::TempDir()) / "path_kind_loop";
  fs::remove(link);
  fs::create_symlink(link, link);
  try {
    path_exists(link);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_TRUE(std::string(error.what()).starts_with("cannot read " + link.string()));
  }
  fs::remove(link);
}

}  // namespace
}  // namespace ebm::base
