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
  const Image image = decode_jpeg(jpeg, "a.jpg");
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
  const Image image = decode_jpeg(jpeg_bytes({.width = 16, .components = 3}, pixels), "a.jpg");
  ASSERT_EQ(image.shape, (ItemShape{3, 8, 16}));
  EXPECT_NEAR(image.pixels[0], 255, 3);
  EXPECT_NEAR(image.pixels[15], 0, 3);
  EXPECT_NEAR(image.pixels[2 * 128], 0, 3);
  EXPECT_NEAR(image.pixels[2 * 128 + 15], 255, 3);
}

TEST(JpegDecoderTest, TruncationAnywhereIsAnErrorAndNotGreyPixels) {
  Bytes noise(64 * 3);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i * 37);
  for (const bool progressive : {false, true}) {
    const std::string jpeg = jpeg_bytes({.components = 3, .progressive = progressive}, noise);
    for (std::size_t n = 0; n < jpeg.size(); ++n) {
      expect_error(ErrorCode::kBadData, {"a.jpg", "corrupt JPEG: "},
                   [&] { decode_jpeg(jpeg.substr(0, n), "a.jpg"); });
    }
  }
}

TEST(JpegDecoderTest, AbsurdSizeIsRefused) {
  std::string jpeg = jpeg_bytes({}, flat(64, {0}));
  // Frame header: marker ff c0, length (2 bytes), precision, height, width.
  const std::size_t frame = jpeg.find("\xff\xc0");
  std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(frame) + 5, 4, '\x7f');
  expect_error(ErrorCode::kBadData, {"a.jpg", "32639 x 32639", "2^26"},
               [&] { decode_jpeg(jpeg, "a.jpg"); });
}

}  // namespace
}  // namespace ebm::data
