#include "base/read_pieces.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <thread>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::base {
namespace {
namespace fs = std::filesystem;

ErrorCode code_of_reading(const fs::path& path) {
  try {
    read_pieces(path, [](std::string_view /*piece*/, double /*fraction*/) {});
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    return error.code();
  }
  ADD_FAILURE() << path;
  return ErrorCode::kInternal;
}

TEST(ReadPiecesTest, PiecesMakeUpTheFileAndFractionsRiseToOne) {
  const fs::path path = fs::path(testing::TempDir()) / "read_pieces_test";
  std::string text;
  for (int i = 0; text.size() < 2'500'000; ++i) text += std::to_string(i);
  write_file_atomically(path, text);
  std::string read;
  double last = 0.0;
  int n = 0;
  read_pieces(path, [&](std::string_view piece, double fraction) {
    read += piece;
    EXPECT_DOUBLE_EQ(fraction, static_cast<double>(read.size()) / static_cast<double>(text.size()));
    last = fraction;
    ++n;
  });
  EXPECT_EQ(read, text);
  EXPECT_EQ(last, 1.0);
  EXPECT_EQ(n, 3);
  fs::remove(path);
}

TEST(ReadPiecesTest, TheSizeOfAPipeIsNotKnown) {
  const fs::path path = fs::path(testing::TempDir()) / "read_pieces_test.fifo";
  fs::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    std::FILE* pipe = std::fopen(path.c_str(), "w");
    std::fputs("text", pipe);
    std::fclose(pipe);
  });
  std::string read;
  read_pieces(path, [&](std::string_view piece, double fraction) {
    read += piece;
    EXPECT_TRUE(std::isnan(fraction));
  });
  writer.join();
  EXPECT_EQ(read, "text");
  fs::remove(path);
}

TEST(ReadPiecesTest, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(code_of_reading(fs::path(testing::TempDir()) / "no_such_file"), ErrorCode::kNoInput);
  EXPECT_EQ(code_of_reading(testing::TempDir()), ErrorCode::kIo);
}

}  // namespace
}  // namespace ebm::base
