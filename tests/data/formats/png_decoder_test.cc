#include "data/formats/png_decoder.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

void expect_image(const std::string& png, const ItemShape& shape, const Bytes& pixels) {
  const Image image = decode_png(png, "a.png");
  EXPECT_EQ(image.shape, shape);
  EXPECT_EQ(image.pixels, pixels);
}

TEST(PngDecoderTest, GreyAndColorKeepTheirBytes) {
  expect_image(png_bytes({.width = 3, .height = 2}, {0, 1, 2, 253, 254, 255}), {1, 2, 3},
               {0, 1, 2, 253, 254, 255});
  // Interleaved RGB becomes planes.
  expect_image(png_bytes({.width = 2, .color_type = 2}, {1, 2, 3, 4, 5, 6}), {3, 1, 2},
               {1, 4, 2, 5, 3, 6});
}

TEST(PngDecoderTest, FewBitsAreSpreadOverTheWholeRange) {
  expect_image(png_bytes({.width = 4, .depth = 1}, {0b10110000}), {1, 1, 4}, {255, 0, 255, 255});
  expect_image(png_bytes({.width = 4, .depth = 2}, {0b00011011}), {1, 1, 4}, {0, 85, 170, 255});
  expect_image(png_bytes({.width = 2, .depth = 4}, {0x3f}), {1, 1, 2}, {51, 255});
}

TEST(PngDecoderTest, SixteenBitsAreScaledWithRounding) {
  // v·255/65535: 257·k is k exactly, and 257·k + 129 is nearer to k + 1.
  expect_image(
      png_bytes({.width = 4, .depth = 16}, {0xff, 0xff, 0x01, 0x01, 0x01, 0x81, 0x01, 0x82}),
      {1, 1, 4}, {255, 1, 1, 2});
}

TEST(PngDecoderTest, OpacityIsCompositedOverBlack) {
  expect_image(png_bytes({.width = 3, .color_type = 4}, {200, 255, 200, 128, 200, 0}), {1, 1, 3},
               {200, 100, 0});
  expect_image(png_bytes({.width = 1, .color_type = 6}, {255, 100, 50, 51}), {3, 1, 1},
               {51, 20, 10});
  expect_image(png_bytes({.width = 2, .transparent_gray = 7}, {7, 8}), {1, 1, 2}, {0, 8});
  expect_image(png_bytes({.width = 2, .depth = 16, .color_type = 4},
                         {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0}),
               {1, 1, 2}, {255, 0});
}

TEST(PngDecoderTest, PaletteBecomesColor) {
  const PngSpec spec = {.width = 4,
                        .depth = 2,
                        .color_type = 3,
                        .palette = {1, 2, 3, 40, 50, 60, 255, 255, 255},
                        .opacity = {255, 0}};
  expect_image(png_bytes(spec, {0b00011000}), {3, 1, 4},
               {1, 0, 255, 1, 2, 0, 255, 2, 3, 0, 255, 3});
}

TEST(PngDecoderTest, PaletteIndexWithoutEntryIsCorrupt) {
  const PngSpec spec = {.width = 4, .depth = 2, .color_type = 3, .palette = {1, 2, 3, 4, 5, 6}};
  expect_error(ErrorCode::kBadData, {"a.png", "palette index 3", "pixel 2", "below 2"},
               [&] { decode_png(png_bytes(spec, {0b00011100}), "a.png"); });
}

TEST(PngDecoderTest, InterlacedImageIsTheSame) {
  Bytes pixels(9 * 7);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(3 * i);
  expect_image(png_bytes({.width = 9, .height = 7, .interlaced = true}, pixels), {1, 7, 9}, pixels);
}

TEST(PngDecoderTest, TruncationAnywhereIsAnError) {
  const std::string png = png_bytes({.width = 3, .height = 2}, {0, 1, 2, 253, 254, 255});
  for (std::size_t n = 0; n < png.size(); ++n) {
    expect_error(ErrorCode::kBadData, {"a.png", "corrupt PNG"},
                 [&] { decode_png(png.substr(0, n), "a.png"); });
  }
}

TEST(PngDecoderTest, WrongChecksumIsAnError) {
  std::string png = png_bytes({.width = 2, .transparent_gray = 7}, {7, 8});
  const std::size_t at = png.find("tRNS") + 5;
  png[at] = static_cast<char>(png[at] ^ 1);
  expect_error(ErrorCode::kBadData, {"a.png", "CRC"}, [&] { decode_png(png, "a.png"); });
}

/// The PNG with another size in its header, and the checksum that goes with it.
std::string with_size(std::string png, const std::string& width_and_height,
                      const std::string& crc) {
  png.replace(16, 8, width_and_height);
  png.replace(29, 4, crc);
  return png;
}

TEST(PngDecoderTest, AbsurdSizeIsFoundBeforeMemoryIsTaken) {
  const std::string png = png_bytes({}, {0});
  using std::string_literals::operator""s;
  // CRC-32 of "IHDR", the size, and 08 00 00 00 00, of zlib.crc32.
  expect_error(ErrorCode::kBadData, {"a.png", "8193 x 8192", "2^26"}, [&] {
    decode_png(with_size(png, "\0\0\x20\x01\0\0\x20\0"s, "\xb8\x03\xfe\xbb"), "a.png");
  });
  expect_error(ErrorCode::kBadData, {"a.png", "8192 x 8192", "can hold"}, [&] {
    decode_png(with_size(png, "\0\0\x20\0\0\0\x20\0"s, "\x57\xc1\x95\x85"), "a.png");
  });
}

}  // namespace
}  // namespace ebm::data
