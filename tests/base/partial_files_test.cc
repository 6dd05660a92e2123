#include "base/partial_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "base/atomic_file.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

class PartialFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("partial_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(PartialFilesTest, NamesAreHiddenBesideTheFileAndNeverTheSame) {
  const fs::path one = partial_name(folder_ / "x.npy"), other = partial_name(folder_ / "x.npy");
  EXPECT_NE(one, other);
  EXPECT_EQ(one.parent_path(), folder_);
  EXPECT_TRUE(is_leftover_name(one.filename().string()));
  EXPECT_TRUE(is_leftover_name(removed_name(folder_ / "000100").filename().string()));
  EXPECT_TRUE(is_leftover_name(".000100.partial"));
  EXPECT_FALSE(is_leftover_name("x.partial"));
  EXPECT_FALSE(is_leftover_name(".lock"));
  EXPECT_EQ(partial_name("x.npy").parent_path(), ".");
}

TEST_F(PartialFilesTest, ANameOfTheGreatestLengthCanBeWritten) {
  const fs::path path = folder_ / std::string(255, 'a');
  write_file_atomically(path, "new");
  EXPECT_EQ(read_file(path), "new");
}

TEST_F(PartialFilesTest, WhatLiesThereUnderAnOldNameIsNeitherFollowedNorHarmful) {
  // Names that earlier versions took.
  write_file_atomically(folder_ / "victim", "old");
  fs::create_symlink("victim", folder_ / (".x.partial" + std::to_string(getpid()) + "-0"));
  fs::create_symlink("victim", folder_ / ".x.partial");
  write_file_atomically(folder_ / "x", "new");
  EXPECT_EQ(read_file(folder_ / "victim"), "old");
  EXPECT_EQ(read_file(folder_ / "x"), "new");
}

}  // namespace
}  // namespace ebm::base
