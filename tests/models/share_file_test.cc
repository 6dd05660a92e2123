#include "models/share_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::models {
namespace {
namespace fs = std::filesystem;

TEST(ShareFileTest, FindsWhatThePackageHas) {
  const auto found = share_file("models/fashion-mnist.safetensors");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, fs::path(kShareDir) / "models/fashion-mnist.safetensors");
  EXPECT_FALSE(share_file("models/no-such-model.safetensors"));
}

// As an installed program in PREFIX/bin.
TEST(ShareFileTest, LooksBesideTheProgramFirst) {
  const auto folders = share_folders("/package");
  ASSERT_EQ(folders.size(), 2u);
  EXPECT_EQ(folders[0],
            fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share" / "ebm");
  EXPECT_EQ(folders[1], "/package");
  EXPECT_EQ(share_folders("").size(), 1u);
}

TEST(ShareFileTest, PlainNamesStandForSharedFilesAndPathsForThemselves) {
  const fs::path shared = fs::path(kShareDir) / "recipes/good.toml";
  EXPECT_EQ(path_or_shipped("good", "recipes", ".toml"), shared);
  EXPECT_EQ(path_or_shipped("./good", "recipes", ".toml"), "./good");
  EXPECT_EQ(path_or_shipped("good.toml", "recipes", ".toml"), "good.toml");
  EXPECT_EQ(path_or_shipped("", "recipes", ".toml"), "");
}

TEST(ShareFileTest, UnknownPlainNamesSuggestSharedOnes) {
  EXPECT_EQ(shared_names("models", ".safetensors"),
            (std::vector<std::string>{"fashion-mnist", "fashion-mnist-classes",
                                      "fashion-mnist-classifier", "fashion-mnist-levels"}));
  try {
    path_or_shipped("quikc", "recipes", ".toml");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoInput);
    const std::string message = error.what();
    EXPECT_TRUE(
        message.starts_with("no such recipe: quikc; did you mean quick?; expected a path, "
                            "or one that comes with ebm: classes, denoising, energy-matching, "))
        << message;
  }
}

}  // namespace
}  // namespace ebm::models
