#include "data/formats/jpeg_decoder.h"

#include <algorithm>

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// n pixels of one colour.
Bytes flat(std::size_t n, const Bytes& color) {
  Bytes pixels;
  for (std::size_t i = 0; i < n; ++i) pixels.insert(pixels.end(), color.begin(), color.end());
  return pixels;
}

/// Checks shape and that every plane is flat at `color`. At quality 100 one colour conversion and
/// one DCT coefficient are rounded each way: less than 3 grey levels together.
void expect_flat(const std::string& jpeg, const Bytes& color) {
  const Image image = decode_jpeg(jpeg, "a.jpg").image;
  ASSERT_EQ(image.shape, (ItemShape{static_cast<std::int64_t>(color.size()), 8, 8}));
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    ASSERT_NEAR(image.pixels[i], color[i / 64], 3) << "value " << i;
  }
}

TEST(JpegDecoderTest, GreyStaysGrey) {
  expect_flat(jpeg_bytes({.components = 1}, flat(64, {77})), {77});
}

TEST(JpegDecoderTest, YcbcrBecomesRgb) {
  expect_flat(jpeg_bytes({.components = 3}, flat(64, {200, 100, 30})), {200, 100, 30});
  expect_flat(jpeg_bytes({.components = 3, .progressive = true}, flat(64, {20, 100, 230})),
              {20, 100, 230});
}

TEST(JpegDecoderTest, InvertedInksOfAdobeBecomeRgb) {
  // Stored as 255 − ink: R = 200·128/255 = 100.4, G = 100·128/255 = 50.2, B = 128.
  for (const bool ycck : {false, true}) {
    expect_flat(jpeg_bytes({.components = 4, .ycck = ycck}, flat(64, {200, 100, 255, 128})),
                {100, 50, 128});
  }
}

TEST(JpegDecoderTest, InksWithoutAdobeMarkerAreNotInverted) {
  // R = (255 − 55)·(255 − 127)/255, and so on.
  expect_flat(jpeg_bytes({.components = 4, .adobe = false}, flat(64, {55, 155, 0, 127})),
              {100, 50, 128});
}

TEST(JpegDecoderTest, PlanesAreNotMixedUp) {
  Bytes pixels;
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 16; ++x) {
      const Bytes color = x < 8 ? Bytes{255, 0, 0} : Bytes{0, 0, 255};
      pixels.insert(pixels.end(), color.begin(), color.end());
    }
  }
  const Image image =
      decode_jpeg(jpeg_bytes({.width = 16, .components = 3}, pixels), "a.jpg").image;
  ASSERT_EQ(image.shape, (ItemShape{3, 8, 16}));
  EXPECT_NEAR(image.pixels[0], 255, 3);
  EXPECT_NEAR(image.pixels[15], 0, 3);
  EXPECT_NEAR(image.pixels[2 * 128], 0, 3);
  EXPECT_NEAR(image.pixels[2 * 128 + 15], 255, 3);
}

/// A JPEG of 8 x 8 pixels of noise.
std::string noisy_jpeg(bool progressive) {
  Bytes noise(64 * 3);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i * 37);
  return jpeg_bytes({.components = 3, .progressive = progressive}, noise);
}

TEST(JpegDecoderTest, TruncationAnywhereIsAnErrorAndNotGreyPixels) {
  for (const bool progressive : {false, true}) {
    const std::string jpeg = noisy_jpeg(progressive);
    // The end marker has 2 bytes, and the data may end with bits that fill their last byte.
    const std::size_t n_needed = jpeg.size() - (progressive ? 0 : 3);
    for (std::size_t n = 0; n < n_needed; ++n) {
      expect_error(ErrorCode::kBadData, {"a.jpg", "corrupt JPEG: "},
                   [&] { decode_jpeg(jpeg.substr(0, n), "a.jpg"); });
    }
  }
}

TEST(JpegDecoderTest, MissingEndMarkerIsAWarning) {
  const std::string jpeg = noisy_jpeg(false);
  const DecodedImage whole = decode_jpeg(jpeg, "a.jpg");
  for (const std::size_t n : {jpeg.size() - 2, jpeg.size() - 1}) {
    const DecodedImage cut = decode_jpeg(jpeg.substr(0, n), "a.jpg");
    EXPECT_EQ(cut.image.pixels, whole.image.pixels);
    EXPECT_EQ(cut.warning, "Premature end of JPEG file");
  }
}

TEST(JpegDecoderTest, SurplusBytesInFrontOfAMarkerAreAWarning) {
  const std::string sound = jpeg_bytes({.components = 3}, flat(64, {200, 100, 30}));
  EXPECT_EQ(decode_jpeg(sound, "a.jpg").warning, "");
  const Bytes pixels = decode_jpeg(sound, "a.jpg").image.pixels;
  const std::string junk(240, 'x');
  // In front of the end, of the header of the frame, and of the scan.
  for (const std::size_t at : {sound.size() - 2, sound.find("\xff\xc0"), sound.find("\xff\xda")}) {
    std::string jpeg = sound;
    const DecodedImage image = decode_jpeg(jpeg.insert(at, junk), "a.jpg");
    EXPECT_EQ(image.image.pixels, pixels);
    EXPECT_NE(image.warning.find(" extraneous bytes before marker"), std::string::npos)
        << image.warning;
  }
  EXPECT_EQ(decode_jpeg(sound + junk, "a.jpg").image.pixels, pixels);
}

TEST(JpegDecoderTest, UnknownRevisionOfJfifIsAWarning) {
  std::string jpeg = jpeg_bytes({}, flat(64, {77}));
  jpeg[jpeg.find("JFIF") + 5] = 9;
  const DecodedImage image = decode_jpeg(jpeg, "a.jpg");
  EXPECT_NEAR(image.image.pixels[0], 77, 3);
  EXPECT_NE(image.warning.find("JFIF revision number 9.01"), std::string::npos) << image.warning;
}

TEST(JpegDecoderTest, OrientationIsRead) {
  const std::string tiff("MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x08\0\0", 22);
  const std::string sound = jpeg_bytes({}, flat(64, {77}));
  EXPECT_EQ(decode_jpeg(sound, "a.jpg").orientation, 1);
  const std::string exif = std::string("Exif\0\0", 6) + tiff;
  std::string jpeg = sound;
  jpeg.insert(2, std::string("\xff\xe1\0", 3) + static_cast<char>(exif.size() + 2) + exif);
  EXPECT_EQ(decode_jpeg(jpeg, "a.jpg").orientation, 8);
}

TEST(JpegDecoderTest, ScansTimesPixelsAreBounded) {
  // 2048 x 2048 pixels, 2^22: at most 2^30/2^22 = 256 scans. The first scan, of the means of
  // blocks, may come again and again.
  const std::string jpeg = jpeg_bytes(
      {.width = 2048, .height = 2048, .progressive = true, .full_scans = true}, Bytes(1u << 22, 9));
  const std::size_t tables = jpeg.find("\xff\xc4");
  const std::size_t next = jpeg.find("\xff\xc4", jpeg.find("\xff\xda"));
  const std::string scan = jpeg.substr(tables, next - tables);
  const auto repeated = [&](int n) {
    std::string scans;
    for (int i = 0; i < n; ++i) scans += scan;
    return jpeg.substr(0, next) + scans + jpeg.substr(next);
  };
  EXPECT_NEAR(decode_jpeg(repeated(3), "a.jpg").image.pixels[0], 9, 1);
  expect_error(ErrorCode::kBadData, {"a.jpg", "more than 256 scans of 2048 x 2048 pixels"},
               [&] { decode_jpeg(repeated(300), "a.jpg"); });
}

TEST(JpegDecoderTest, AbsurdSizeIsRefused) {
  std::string jpeg = jpeg_bytes({}, flat(64, {0}));
  // Frame header: marker ff c0, length (2 bytes), precision, height, width.
  const std::size_t frame = jpeg.find("\xff\xc0");
  std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(frame) + 5, 4, '\x7f');
  expect_error(ErrorCode::kBadData, {"a.jpg", "32639 x 32639", "2^26"},
               [&] { decode_jpeg(jpeg, "a.jpg"); });
  // 4096 x 4096 pixels are more than come from some hundred bytes.
  jpeg.replace(frame + 5, 4, std::string("\x10\0\x10\0", 4));
  expect_error(ErrorCode::kBadData,
               {"a.jpg", "4096 x 4096", "3*2^21 pixels, or 336 from each byte"},
               [&] { decode_jpeg(jpeg, "a.jpg"); });
}

}  // namespace
}  // namespace ebm::data
