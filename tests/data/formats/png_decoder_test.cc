#include "data/formats/png_decoder.h"

#include <zlib.h>

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

void expect_image(const std::string& png, const ItemShape& shape, const Bytes& pixels) {
  const Image image = decode_png(png, "a.png").image;
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

TEST(PngDecoderTest, OpacityShowsTheBackground) {
  // (255·51 + 100·204)/255 = 131, and so on; without opacity the pixel is the background.
  const std::string rgba = png_bytes({.width = 2, .color_type = 6}, {255, 100, 50, 51, 9, 9, 9, 0});
  const DecodedImage over = decode_png(rgba, "a.png", {100, 200, 0});
  EXPECT_EQ(over.image.pixels, (Bytes{131, 100, 180, 200, 10, 0}));
  EXPECT_TRUE(over.has_transparency);
  const std::string grey = png_bytes({.width = 2, .color_type = 4}, {200, 255, 200, 0});
  EXPECT_EQ(decode_png(grey, "a.png", {255, 255, 255}).image.pixels, (Bytes{200, 255}));
  // Behind grey a colour makes colour.
  EXPECT_EQ(decode_png(grey, "a.png", {1, 2, 3}).image.pixels, (Bytes{200, 1, 200, 2, 200, 3}));
  const std::string opaque = png_bytes({.width = 1, .color_type = 4}, {7, 255});
  const DecodedImage whole = decode_png(opaque, "a.png", {1, 2, 3});
  EXPECT_FALSE(whole.has_transparency);
  EXPECT_EQ(whole.image.shape, (ItemShape{1, 1, 1}));
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

/// A chunk of a PNG with its checksum.
std::string chunk(const std::string& type, const std::string& content, unsigned long damage = 0) {
  const std::string body = type + content;
  const unsigned long crc =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())) ^
      damage;
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(content.size() >> shift & 0xff);
  }
  bytes += body;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(crc >> shift & 0xff);
  return bytes;
}

TEST(PngDecoderTest, TruncationOfPixelsAnywhereIsAnError) {
  const std::string png = png_bytes({.width = 3, .height = 2}, {0, 1, 2, 253, 254, 255});
  const std::size_t n_end = 12;  // of IEND
  for (std::size_t n = 0; n < png.size() - n_end; ++n) {
    expect_error(ErrorCode::kBadData, {"a.png", "corrupt PNG"},
                 [&] { decode_png(png.substr(0, n), "a.png"); });
  }
  for (std::size_t n = png.size() - n_end; n < png.size(); ++n) {
    const DecodedImage cut = decode_png(png.substr(0, n), "a.png");
    EXPECT_EQ(cut.image.pixels, (Bytes{0, 1, 2, 253, 254, 255}));
    EXPECT_NE(cut.warning.find("without its last chunk"), std::string::npos) << cut.warning;
  }
}

TEST(PngDecoderTest, PixelsInSeveralChunksAreAllNeeded) {
  const std::string png = png_bytes({.width = 3}, {7, 8, 9});
  const std::size_t begin = png.find("IDAT") + 4;
  const std::size_t end = png.find("IEND") - 8;
  const std::string pixels = png.substr(begin, end - begin);
  const std::string first = chunk("IDAT", pixels.substr(0, 4));
  const std::string rest = chunk("IDAT", pixels.substr(4));
  const std::string header = png.substr(0, begin - 8), tail = png.substr(end + 4);
  EXPECT_EQ(decode_png(header + first + rest + tail, "a.png").image.pixels, (Bytes{7, 8, 9}));
  for (const std::string& cut :
       {header + first, header + first + tail, header + first + rest.substr(0, 9)}) {
    expect_error(ErrorCode::kBadData, {"a.png", "corrupt PNG"}, [&] { decode_png(cut, "a.png"); });
  }
}

TEST(PngDecoderTest, WrongChecksumIsAnError) {
  std::string png = png_bytes({.width = 2, .transparent_gray = 7}, {7, 8});
  const std::size_t at = png.find("tRNS") + 5;
  png[at] = static_cast<char>(png[at] ^ 1);
  expect_error(ErrorCode::kBadData, {"a.png", "CRC"}, [&] { decode_png(png, "a.png"); });
}

/// The PNG with something between its header and its pixels.
std::string with_chunk(std::string png, const std::string& bytes) {
  constexpr std::size_t kBehindHeader = 33;
  return png.insert(kBehindHeader, bytes);
}

TEST(PngDecoderTest, FaultBesideThePixelsIsAWarning) {
  const std::string png = png_bytes({.width = 2}, {7, 8});
  const DecodedImage sound = decode_png(with_chunk(png, chunk("tEXt", "a\0b")), "a.png");
  EXPECT_EQ(sound.warning, "");
  for (const std::string type : {"tEXt", "gAMA", "iCCP", "zzzz"}) {
    const DecodedImage image = decode_png(with_chunk(png, chunk(type, "wrong", 1)), "a.png");
    EXPECT_EQ(image.image.pixels, (Bytes{7, 8}));
    EXPECT_NE(image.warning.find("wrong checksum of the chunk '" + type + "' at offset 33"),
              std::string::npos)
        << image.warning;
  }
  EXPECT_EQ(decode_png(with_chunk(png, chunk("iCCP", "no profile")), "a.png").image.pixels,
            (Bytes{7, 8}));
  // A chunk that pixels may depend on.
  expect_error(ErrorCode::kBadData, {"a.png", "corrupt PNG"},
               [&] { decode_png(with_chunk(png, chunk("ZZZZ", "")), "a.png"); });
}

TEST(PngDecoderTest, LengthOfAChunkIsNotBelieved) {
  // libpng would take 2 GB for the text of this file of 41 bytes.
  const Bytes bytes = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00,
                       0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
                       0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55,
                       0x7f, 0xff, 0xff, 0xff, 0x7a, 0x54, 0x58, 0x74};
  expect_error(ErrorCode::kBadData, {"a.png", "ends at offset 41", "begins at offset 33"},
               [&] { decode_png(text_of(bytes), "a.png"); });
  std::string half = with_chunk(png_bytes({}, {1}), chunk("iTXt", std::string(100, 'x')));
  half.replace(33, 4, std::string("\x40\0\0\0", 4));
  expect_error(ErrorCode::kBadData, {"a.png", "inside the chunk that begins at offset 33"},
               [&] { decode_png(half, "a.png"); });
}

TEST(PngDecoderTest, OrientationIsRead) {
  const std::string tiff("II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0", 22);
  const std::string png = png_bytes({}, {1});
  EXPECT_EQ(decode_png(with_chunk(png, chunk("eXIf", tiff)), "a.png").orientation, 6);
  EXPECT_EQ(decode_png(png, "a.png").orientation, 1);
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
