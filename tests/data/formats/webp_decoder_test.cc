#include "data/formats/webp_decoder.h"

#include "tests/data/test_files.h"
#include "tests/data/test_images.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;
using std::string_literals::operator""s;

/// The RIFF file with another chunk at its end, and the flags of its header set.
std::string with_exif(const std::string& webp, const std::string& exif) {
  const auto number = [](std::size_t value, int n_bytes) {
    std::string bytes;
    for (int i = 0; i < n_bytes; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
  };
  // VP8X: flags (EXIF is 8), 3 reserved bytes, width − 1 and height − 1 in 3 bytes each, of 2 x 1.
  const std::string header = "VP8X" + number(10, 4) + number(8, 4) + number(1, 3) + number(0, 3);
  const std::string body = "WEBP" + header + webp.substr(12) + "EXIF" + number(exif.size(), 4) +
                           exif + (exif.size() % 2 == 1 ? "\0"s : "");
  return "RIFF" + number(body.size(), 4) + body;
}

TEST(WebpDecoderTest, ColourKeepsItsBytes) {
  const std::string webp = webp_bytes(2, 1, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(looks_like_webp(webp));
  const DecodedImage found = decode_webp(webp, "a.webp");
  EXPECT_EQ(found.image.shape, (ItemShape{3, 1, 2}));
  EXPECT_EQ(found.image.pixels, (Bytes{1, 4, 2, 5, 3, 6}));
  EXPECT_FALSE(found.has_transparency);
  EXPECT_EQ(found.orientation, 1);
}

TEST(WebpDecoderTest, OpacityShowsTheBackground) {
  const std::string webp = webp_bytes(2, 1, 4, {255, 100, 50, 51, 8, 8, 8, 255});
  EXPECT_EQ(decode_webp(webp, "a.webp").image.pixels, (Bytes{51, 8, 20, 8, 10, 8}));
  EXPECT_TRUE(decode_webp(webp, "a.webp").has_transparency);
  // (255·51 + 255·204)/255 = 255, (100·51 + 255·204)/255 = 224, (50·51 + 255·204)/255 = 214.
  EXPECT_EQ(decode_webp(webp, "a.webp", {255, 255, 255}).image.pixels,
            (Bytes{255, 8, 224, 8, 214, 8}));
}

TEST(WebpDecoderTest, OrientationIsRead) {
  const std::string tiff = "II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"s;
  const std::string webp = webp_bytes(2, 1, 3, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(decode_webp(with_exif(webp, tiff), "a.webp").orientation, 6);
  EXPECT_EQ(decode_webp(with_exif(webp, "Exif\0\0"s + tiff), "a.webp").orientation, 6);
  EXPECT_EQ(decode_webp(with_exif(webp, "x"), "a.webp").orientation, 1);
}

TEST(WebpDecoderTest, AnimationIsRefused) {
  std::string webp = with_exif(webp_bytes(2, 1, 3, {1, 2, 3, 4, 5, 6}), "x");
  webp[20] = 2;  // flags of VP8X: animation
  expect_error(ErrorCode::kBadData, {"a.webp", "animated"}, [&] { decode_webp(webp, "a.webp"); });
}

TEST(WebpDecoderTest, TruncationAnywhereIsAnError) {
  Bytes noise(64 * 3);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i * 37);
  const std::string webp = webp_bytes(8, 8, 3, noise);
  // The file may end with a byte that pads it to an even length.
  for (std::size_t n = 0; n + 1 < webp.size(); ++n) {
    expect_error(ErrorCode::kBadData, {"a.webp", "corrupt WebP"},
                 [&] { decode_webp(webp.substr(0, n), "a.webp"); });
  }
}

TEST(WebpDecoderTest, FewBytesOfManyPixelsAreRefused) {
  // 4096 x 4096 pixels of one colour take some tens of bytes; 2^24 pixels want 182 kB.
  const std::string flat = webp_bytes(4096, 4096, 3, Bytes(std::size_t{3} << 24, 7));
  ASSERT_LT(flat.size(), 1024u);
  expect_error(ErrorCode::kBadData, {"a.webp", "4096 x 4096", "92 from each byte"},
               [&] { decode_webp(flat, "a.webp"); });
}

}  // namespace
}  // namespace ebm::data
