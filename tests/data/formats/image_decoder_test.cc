#include "data/formats/image_decoder.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A JPEG of 16 x 8 pixels, left half 200 and right half 40, with an EXIF orientation.
std::string jpeg_of(int orientation) {
  Bytes pixels;
  for (int i = 0; i < 16 * 8; ++i) pixels.push_back(i % 16 < 8 ? 200 : 40);
  std::string exif(
      "\xff\xe1\0\x1e"
      "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\1\0\0\0",
      32);
  exif[28] = static_cast<char>(orientation);
  return jpeg_bytes({.width = 16, .height = 8}, pixels).insert(2, exif);
}

TEST(ImageDecoderTest, FormatIsDetectedByContent) {
  EXPECT_EQ(decode_image(png_bytes({}, {5}), "a").image.pixels, Bytes{5});
  EXPECT_NEAR(decode_image(jpeg_bytes({}, Bytes(64, 50)), "a").image.pixels[0], 50, 1);
  EXPECT_EQ(decode_image(webp_bytes(1, 1, 3, {1, 2, 3}), "a").image.pixels, (Bytes{1, 2, 3}));
}

TEST(ImageDecoderTest, ImagesAreTurnedUpright) {
  const Image as_stored = decode_image(jpeg_of(1), "a").image;
  EXPECT_EQ(as_stored.shape, (ItemShape{1, 8, 16}));
  EXPECT_NEAR(as_stored.pixels[0], 200, 2);
  const Image mirrored = decode_image(jpeg_of(2), "a").image;
  EXPECT_NEAR(mirrored.pixels[0], 40, 2);
  EXPECT_NEAR(mirrored.pixels[15], 200, 2);
  // Turned clockwise, the left side comes to the top; anticlockwise, the right side.
  for (const int orientation : {6, 8}) {
    const Image turned = decode_image(jpeg_of(orientation), "a").image;
    EXPECT_EQ(turned.shape, (ItemShape{1, 16, 8}));
    EXPECT_NEAR(turned.pixels[0], orientation == 6 ? 200 : 40, 2);
    EXPECT_NEAR(turned.pixels[127], orientation == 6 ? 40 : 200, 2);
  }
}

TEST(ImageDecoderTest, OtherFormatsAreNamed) {
  const auto expect = [](const std::string& bytes, std::vector<std::string> facts) {
    facts.push_back("a.png: ");
    expect_error(ErrorCode::kBadData, facts, [&] { decode_image(bytes, "a.png"); });
  };
  expect("", {"empty"});
  expect("GIF89a..", {"'GIF89a..' at offset 0", "GIF", "PNG, JPEG or WebP"});
  expect("version https://git-lfs.github.com/spec/v1", {"git lfs pull"});
  expect(std::string("\0\x05\x16\x07\0\x02\0\0", 8), {"macOS"});
  expect("hello", {"'hello' at offset 0; expected the first bytes"});
}

}  // namespace
}  // namespace ebm::data
