#include "data/formats/exif.h"

#include "base/random.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

/// EXIF data with one directory of one entry, the orientation.
std::string tiff_of(int orientation, bool big_endian, int type = 3) {
  const auto number = [&](std::uint32_t value, int n_bytes) {
    std::string bytes;
    for (int i = 0; i < n_bytes; ++i) {
      const int place = big_endian ? n_bytes - 1 - i : i;
      bytes += static_cast<char>(value >> (8 * place) & 0xff);
    }
    return bytes;
  };
  const auto value = static_cast<std::uint32_t>(orientation);
  const std::string shown = type == 3 ? number(value, 2) + number(0, 2) : number(value, 4);
  return (big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) +
         number(0x0112, 2) + number(static_cast<std::uint32_t>(type), 2) + number(1, 4) + shown;
}

TEST(ExifTest, OrientationIsReadInBothByteOrders) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool big_endian : {false, true}) {
      for (const int type : {3, 4}) {
        EXPECT_EQ(exif_orientation(tiff_of(orientation, big_endian, type)), orientation);
      }
    }
  }
}

TEST(ExifTest, WhatIsNoOrientationLeavesTheImageAsItIs) {
  const std::string sound = tiff_of(6, true);
  EXPECT_EQ(exif_orientation(""), 1);
  EXPECT_EQ(exif_orientation("no EXIF data"), 1);
  for (const int other : {0, 9, 65535}) EXPECT_EQ(exif_orientation(tiff_of(other, false)), 1);
  EXPECT_EQ(exif_orientation(tiff_of(6, true, 2)), 1);  // text
  std::string wrong = sound;
  wrong[3] = 41;
  EXPECT_EQ(exif_orientation(wrong), 1);
  // A directory beyond the end, and one that says it has many entries.
  std::string beyond = sound;
  beyond.replace(4, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(exif_orientation(beyond), 1);
  std::string many = sound;
  many.replace(8, 2, "\xff\xff");
  EXPECT_EQ(exif_orientation(many), 6);
  for (std::size_t n = 0; n < sound.size() - 2; ++n) {
    EXPECT_EQ(exif_orientation(std::string_view(sound).substr(0, n)), 1);
  }
}

TEST(ExifTest, AnyBytesGiveAnOrientation) {
  for (std::uint64_t round = 0; round < 2000; ++round) {
    base::RandomStream stream({.seed = 21, .domain = base::Domain::kToyData}, round);
    std::string bytes = tiff_of(6, round % 2 == 0);
    for (int i = 0; i < 4; ++i) {
      bytes[stream.next_below(bytes.size())] = static_cast<char>(stream.next_word());
    }
    const int found = exif_orientation(bytes);
    EXPECT_TRUE(found >= 1 && found <= 8);
  }
}

}  // namespace
}  // namespace ebm::data
