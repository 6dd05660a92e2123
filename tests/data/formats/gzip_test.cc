#include "data/formats/gzip.h"

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

TEST(GzipTest, UnpacksMembersOneAfterTheOther) {
  const std::string packed = gzipped("first ") + gzipped("second");
  EXPECT_TRUE(looks_gzipped(packed));
  EXPECT_FALSE(looks_gzipped("\x1f"));
  EXPECT_EQ(text_of(gunzip(packed, "f", 12)), "first second");
  EXPECT_EQ(text_of(gunzip(packed, "f", 1000)), "first second");
  EXPECT_EQ(text_of(gunzip_prefix(packed, "f", 8)), "first se");
  EXPECT_EQ(text_of(gunzip_prefix(packed, "f", 100)), "first second");
}

TEST(GzipTest, LargeInputComesBackWhole) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += std::to_string(i * 7919 % 10007);
  EXPECT_EQ(text_of(gunzip(gzipped(text), "f", text.size())), text);
}

TEST(GzipTest, PrefixDoesNotLookAtWhatFollows) {
  const std::string packed = gzipped(std::string(100000, 'a'));
  EXPECT_EQ(text_of(gunzip_prefix(packed.substr(0, 60), "f", 4)), "aaaa");
}

TEST(GzipTest, TruncationIsNamedWithItsOffset) {
  const std::string packed = gzipped("some text that is packed");
  for (std::size_t n = 0; n < packed.size(); ++n) {
    expect_error(ErrorCode::kBadData, {"file.gz", "truncated", "offset " + std::to_string(n)},
                 [&] { gunzip(packed.substr(0, n), "file.gz", 1000); });
  }
}

TEST(GzipTest, TrailingBytesAreNamedWithTheirOffset) {
  const std::string packed = gzipped("text");
  expect_error(ErrorCode::kBadData,
               {"file.gz", "3 bytes that are not gzip", "offset " + std::to_string(packed.size())},
               [&] { gunzip(packed + "xyz", "file.gz", 1000); });
}

TEST(GzipTest, WrongChecksumIsCorrupt) {
  std::string packed = gzipped("some text");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  expect_error(ErrorCode::kBadData, {"file.gz", "corrupt gzip data", "offset"},
               [&] { gunzip(packed, "file.gz", 1000); });
}

TEST(GzipTest, UnpackingStopsAtTheLimit) {
  const std::string bomb = gzipped(std::string().append(10000000, '\0'));
  EXPECT_LE(10000000u, max_unpacked_bytes(bomb.size()));
  expect_error(ErrorCode::kBadData, {"file.gz", "more than the expected 1000 bytes"},
               [&] { gunzip(bomb, "file.gz", 1000); });
}

}  // namespace
}  // namespace ebm::data
