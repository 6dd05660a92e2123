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

TEST(PathKindTest, AMissingFileIsNamedWithTheLinkThatLeadsToNothing) {
  const fs::path folder = fs::path(testing::TempDir()) / "path_kind_links";
  fs::remove_all(folder);
  fs::create_directories(folder / "real");
  std::ofstream(folder / "real/file") << "x";
  fs::create_symlink("gone/a.png", folder / "a.png");
  fs::create_symlink("/gone", folder / "set");
  fs::create_symlink("real", folder / "sound");
  fs::create_symlink("loop", folder / "loop");
  EXPECT_TRUE(is_broken_link(folder / "a.png") && is_broken_link(folder / "loop"));
  EXPECT_FALSE(is_broken_link(folder / "sound") || is_broken_link(folder / "nothing"));
  EXPECT_FALSE(is_broken_link(folder / "real/file"));
  const auto missing = [&](const char* name) {
    return "no such file: " + (folder / name).string();
  };
  EXPECT_EQ(no_such_file(folder / "nothing"), missing("nothing"));
  EXPECT_EQ(no_such_file(folder / "sound/nothing"), missing("sound/nothing"));
  EXPECT_EQ(no_such_file(folder / "a.png"),
            missing("a.png") + "; it is a link to gone/a.png, which is not there");
  EXPECT_EQ(no_such_file(folder / "set/b/c.png"), missing("set/b/c.png") + "; " +
                                                      (folder / "set").string() +
                                                      " is a link to /gone, which is not there");
  EXPECT_EQ(no_such_file("nothing"), "no such file: nothing");
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
