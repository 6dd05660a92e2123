#include "nets/files/checkpoint_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <span>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::nets {
namespace {
namespace fs = std::filesystem;

class CheckpointFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    parent_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(parent_);
    fs::create_directories(parent_);
  }
  void TearDown() override { fs::remove_all(parent_); }
  UnwrittenFiles unwritten() const { return {files_.begin(), files_.end()}; }

  fs::path parent_;
  CheckpointFiles files_{{"a.bin", std::string("\0\1\2", 3)}, {"b.json", "{}"}};
};

TEST_F(CheckpointFolderTest, IsReadBackAndListedInOrder) {
  write_checkpoint(parent_, 1200000, unwritten());
  write_checkpoint(parent_, 30, unwritten());
  files_["a.bin"] = "other";
  write_checkpoint(parent_, 30, unwritten());
  EXPECT_EQ(list_checkpoints(parent_), (std::vector<std::int64_t>{30, 1200000}));
  EXPECT_EQ(checkpoint_path(parent_, 30).filename(), "000030");
  EXPECT_EQ(read_checkpoint(parent_ / "000030"), files_);
}

TEST_F(CheckpointFolderTest, OfPiecesHoldsThemInTheirOrder) {
  const std::string kept(3 << 20, 'k');
  base::FilePieces pieces(std::string("own"));
  pieces.add_view(std::as_bytes(std::span(kept)));
  pieces.add_view({});
  pieces.add("end");
  const UnwrittenFiles files{{"a.bin", pieces}, {"none", base::FilePieces()}};
  write_checkpoint(parent_, 1, files);
  const CheckpointFiles expected{{"a.bin", "own" + kept + "end"}, {"none", ""}};
  EXPECT_EQ(read_checkpoint(parent_ / "000001"), expected);
  EXPECT_EQ(copied(files), expected);
}

TEST_F(CheckpointFolderTest, TheManifestHasSizesAndCrc32sOfWholeFiles) {
  // The value by which CRC-32 is checked everywhere, of the digits in one piece or several.
  const std::string tail = "789";
  base::FilePieces pieces(std::string("123456"));
  pieces.add_view(std::as_bytes(std::span(tail)));
  write_checkpoint(parent_, 1,
                   {{"a", std::string("123456789")}, {"b", pieces}, {"c", base::FilePieces()}});
  EXPECT_EQ(base::read_file(parent_ / "000001" / "manifest.json"), R"({
 "files": {
  "a": {
   "bytes": 9,
   "crc32": 3421780262
  },
  "b": {
   "bytes": 9,
   "crc32": 3421780262
  },
  "c": {
   "bytes": 0,
   "crc32": 0
  }
 },
 "format": 1
}
)");
}

TEST_F(CheckpointFolderTest, EveryFlippedBitOfEveryFileIsFound) {
  write_checkpoint(parent_, 1, unwritten());
  for (const char* name : {"a.bin", "b.json", "manifest.json"}) {
    const fs::path file = parent_ / "000001" / name;
    const std::string good = base::read_file(file);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int bit : {1, 16}) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ bit);
        std::ofstream(file, std::ios::binary) << bad;
        try {
          // White space in the manifest may change to other white space and mean the same.
          EXPECT_EQ(read_checkpoint(parent_ / "000001"), files_);
          EXPECT_STREQ(name, "manifest.json");
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::kBadData);
        }
      }
    }
    std::ofstream(file, std::ios::binary) << good;
  }
}

TEST_F(CheckpointFolderTest, DamagedOnesAreNamedAndPassedOver) {
  write_checkpoint(parent_, 1, unwritten());
  write_checkpoint(parent_, 2, unwritten());
  fs::resize_file(parent_ / "000002" / "a.bin", 1);
  std::vector<std::string> warnings;
  const auto warn = [&](const std::string& line) { warnings.push_back(line); };
  EXPECT_EQ(newest_checkpoint(parent_, warn).iteration, 1);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("a.bin is damaged: found {\"bytes\":1"), std::string::npos);
  fs::remove(parent_ / "000001" / "b.json");
  try {
    newest_checkpoint(parent_, warn);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
  }
}

TEST_F(CheckpointFolderTest, OneThatCannotBeReadIsAnErrorAndNotPassedOver) {
  write_checkpoint(parent_, 1, unwritten());
  write_checkpoint(parent_, 2, unwritten());
  fs::rename(parent_ / "000002" / "a.bin", parent_ / "000002" / "a.sound");
  fs::create_symlink("a.bin", parent_ / "000002" / "a.bin");
  try {
    newest_checkpoint(parent_, [](const std::string& line) { ADD_FAILURE() << line; });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_NE(std::string(error.what()).find("000002/a.bin"), std::string::npos);
  }
}

TEST_F(CheckpointFolderTest, AManifestOfSomethingElseIsRefused) {
  write_checkpoint(parent_, 1, unwritten());
  const auto refusal_of = [&](const std::string& manifest) -> std::string {
    std::ofstream(parent_ / "000001" / "manifest.json", std::ios::binary) << manifest;
    try {
      read_checkpoint(parent_ / "000001");
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return error.what();
    }
  };
  const std::string brackets = std::string(100000, '[') + std::string(100000, ']');
  for (const std::string& manifest :
       {std::string("[]"), std::string("{\"format\": 2, \"files\": {}}"), brackets,
        "{\"format\": 1, \"files\": {\"a.bin\": " + brackets + "}}",
        "{\"format\": " + brackets + ", \"files\": {}}"}) {
    EXPECT_NE(refusal_of(manifest).find("it is no manifest"), std::string::npos);
  }
  for (const std::string& name : {std::string("../x"), std::string("."), std::string(300, 'n'),
                                  std::string("a.bin\\u0000")}) {
    const std::string manifest = "{\"format\": 1, \"files\": {\"" + name + "\": {}}}";
    EXPECT_NE(refusal_of(manifest).find("there is no file"), std::string::npos) << name;
  }
}

TEST_F(CheckpointFolderTest, WhatACrashLeavesIsNoCheckpoint) {
  fs::create_directories(parent_ / ".000003.partial");
  fs::create_directories(parent_ / "notes");
  EXPECT_TRUE(list_checkpoints(parent_).empty());
  EXPECT_TRUE(list_checkpoints(parent_ / "absent").empty());
  try {
    newest_checkpoint(parent_, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoInput);
  }
}

TEST_F(CheckpointFolderTest, ThatCannotBeWrittenLeavesTheOthers) {
  write_checkpoint(parent_, 1, unwritten());
  EXPECT_THROW(write_checkpoint(parent_ / "000001" / "a.bin", 2, unwritten()), Error);
  const UnwrittenFiles bad{{"no/such/folder", std::string("x")}};
  EXPECT_THROW(write_checkpoint(parent_, 2, bad), Error);
  EXPECT_EQ(list_checkpoints(parent_), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(std::distance(fs::directory_iterator(parent_), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace ebm::nets
