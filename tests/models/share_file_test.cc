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
                                      "fashion-mnist-classifier", "fashion-mnist-levels",
                                      "fashion-mnist-matching"}));
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

TEST(ShareFileTest, ANameThatIsNotThereIsNeverSuggestedForItself) {
  const fs::path package = fs::path(testing::TempDir()) / "package";
  fs::create_directories(package / "recipes");
  std::ofstream(package / "recipes/good.toml") << "seed = 1\n";
  const std::vector<std::string> known{"quick", "goods", "good"};
  EXPECT_EQ(path_or_shipped("good", "recipes", ".toml", known, package),
            package / "recipes/good.toml");
  const auto message = [&](const std::string& name) {
    try {
      path_or_shipped(name, "recipes", ".toml", known, package);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNoInput);
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string missing = message("quick");
  EXPECT_TRUE(missing.starts_with("no such recipe: quick: it comes with ebm, but is not in "))
      << missing;
  EXPECT_NE(missing.find(" or " + (package / "recipes").string() + ";"), std::string::npos);
  // What is not there is not suggested either.
  EXPECT_EQ(message("godd"),
            "no such recipe: godd; did you mean good?; expected a path, or one that comes with "
            "ebm: good");
  EXPECT_EQ(message("quikc"),
            "no such recipe: quikc; expected a path, or one that comes with ebm: good");
  fs::remove_all(package);
}

}  // namespace
}  // namespace ebm::models
