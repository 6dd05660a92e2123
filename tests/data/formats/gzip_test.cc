#include "data/formats/gzip.h"

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

/// Unpacks a file, from the disk and from memory, in pieces of `n` bytes.
class GzipTest : public FilesTest {
 protected:
  std::string unpack(const std::string& packed, std::size_t n = 1000) const {
    const InputFile input(write("file.gz", packed));
    GzipReader from_disk(input, "file.gz"), from_memory(packed, "file.gz");
    std::string all;
    for (std::vector<std::uint8_t> piece(n), same(n); piece.size() == n;) {
      piece.resize(from_disk.read(piece));
      same.resize(from_memory.read(same));
      EXPECT_EQ(piece, same);
      all += text_of(piece);
    }
    std::vector<std::uint8_t> more(1);
    EXPECT_EQ(from_disk.read(more), 0u);
    return all;
  }
};

TEST_F(GzipTest, UnpacksMembersOneAfterTheOther) {
  const std::string packed = gzipped("first ") + gzipped("second");
  EXPECT_TRUE(looks_gzipped(packed));
  EXPECT_FALSE(looks_gzipped("\x1f"));
  for (const std::size_t n : {1, 5, 6, 12, 1000}) EXPECT_EQ(unpack(packed, n), "first second") << n;
}

TEST_F(GzipTest, LargeInputComesBackWhole) {
  std::string text;
  std::uint32_t state = 1;
  for (int i = 0; i < 200000; ++i) text += std::to_string(state = state * 1664525 + 1013904223);
  const std::string packed = gzipped(text);
  ASSERT_GT(packed.size(), std::size_t{1} << 19);  // several pieces of the file
  EXPECT_EQ(unpack(packed, 4096), text);
  EXPECT_EQ(unpack(packed, 10 * text.size()), text);
  // Members whose ends lie anywhere in a piece of the file.
  std::string many;
  for (int i = 0; i < 20000; ++i) many += gzipped("x");
  EXPECT_EQ(unpack(many), std::string(20000, 'x'));
}

TEST_F(GzipTest, WhatFollowsIsNotLookedAt) {
  const std::string packed = gzipped(std::string(100000, 'a'));
  GzipReader reader(std::string_view(packed).substr(0, 60), "file.gz");
  std::vector<std::uint8_t> start(4);
  EXPECT_EQ(reader.read(start), 4u);
  EXPECT_EQ(text_of(start), "aaaa");
}

TEST_F(GzipTest, TruncationIsNamedWithItsOffset) {
  const std::string packed = gzipped("some text that is packed");
  for (std::size_t n = 0; n < packed.size(); ++n) {
    expect_error(ErrorCode::kBadData, {"file.gz", "truncated", "offset " + std::to_string(n)},
                 [&] { unpack(packed.substr(0, n)); });
  }
}

TEST_F(GzipTest, TrailingBytesAreNamedWithTheirOffset) {
  const std::string packed = gzipped("text");
  for (const char* rest : {"xyz", "\x1f", "\x1fyz"}) {
    expect_error(ErrorCode::kBadData,
                 {"file.gz", std::to_string(std::string(rest).size()) + " bytes that are not gzip",
                  "offset " + std::to_string(packed.size())},
                 [&] { unpack(packed + rest); });
  }
}

// As tapes have them, and as gunzip takes them.
TEST_F(GzipTest, ZerosToTheEndAreLeftOut) {
  for (const std::size_t n : {1, 2, 512, 600000}) {
    const std::string padded = gzipped("text") + std::string(n, '\0');
    EXPECT_EQ(unpack(padded), "text") << n;
    expect_error(ErrorCode::kBadData, {"file.gz", "bytes that are not gzip"},
                 [&] { unpack(padded + "x"); });
  }
}

TEST_F(GzipTest, WrongChecksumIsCorrupt) {
  std::string packed = gzipped("some text");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  expect_error(ErrorCode::kBadData, {"file.gz", "corrupt gzip data", "offset"},
               [&] { unpack(packed); });
  // Also where all bytes are taken before the end is looked for.
  expect_error(ErrorCode::kBadData, {"corrupt gzip data"}, [&] { unpack(packed, 9); });
  expect_error(ErrorCode::kBadData, {"corrupt gzip data"}, [&] { unpack(packed, 3); });
}

TEST(UnpackedSizeTest, OneByteGivesAtMost1032) {
  const std::string bomb = gzipped(std::string(10000000, '\0'));
  EXPECT_LE(10000000u, max_unpacked_bytes(bomb.size()));
}

}  // namespace
}  // namespace ebm::data
