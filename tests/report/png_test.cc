#include "report/png.h"

#include <gtest/gtest.h>
#include <png.h>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::report {
namespace {

/// Reads with libpng, asking for the channels that were written.
PixelImage decode(const std::string& bytes, std::int64_t channels) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()), 0);
  EXPECT_EQ(header.format, channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB);
  PixelImage image{.width = header.width, .height = header.height, .channels = channels};
  image.pixels.resize(PNG_IMAGE_SIZE(header));
  EXPECT_NE(png_image_finish_read(&header, nullptr, image.pixels.data(), 0, nullptr), 0);
  return image;
}

PixelImage ramp(std::int64_t width, std::int64_t height, std::int64_t channels) {
  PixelImage image{.width = width, .height = height, .channels = channels};
  for (std::int64_t i = 0; i < width * height * channels; ++i) {
    image.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
  }
  return image;
}

ErrorCode code_of(const PixelImage& image) {
  try {
    png_bytes(image);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(PngTest, GreyAndColourReadBackAsWritten) {
  for (const std::int64_t channels : {1, 3}) {
    const PixelImage image = ramp(31, 7, channels);
    const PixelImage read = decode(png_bytes(image), channels);
    EXPECT_EQ(read.width, 31);
    EXPECT_EQ(read.height, 7);
    EXPECT_EQ(read.pixels, image.pixels);
  }
}

TEST(PngTest, BytesDependOnThePixelsAloneAndHaveNoTimeStamp) {
  const std::string bytes = png_bytes(ramp(20, 20, 3));
  EXPECT_EQ(bytes, png_bytes(ramp(20, 20, 3)));
  EXPECT_EQ(bytes.find("tIME"), std::string::npos);
}

TEST(PngTest, SizesThatDoNotAgreeAreRefused) {
  PixelImage image = ramp(4, 4, 1);
  image.width = 5;
  EXPECT_EQ(code_of(image), ErrorCode::kShape);
  EXPECT_EQ(code_of(ramp(4, 4, 2)), ErrorCode::kShape);
  EXPECT_EQ(code_of(PixelImage{}), ErrorCode::kShape);
}

TEST(PngTest, WritesAFileAndNamesItWhenItCannot) {
  const auto folder = std::filesystem::path(testing::TempDir());
  const auto path = folder / "png_test_picture.png";
  write_png(path, ramp(9, 3, 1));
  EXPECT_EQ(base::read_file(path), png_bytes(ramp(9, 3, 1)));
  std::filesystem::remove(path);
  try {
    write_png(folder / "no_such_folder" / "x.png", ramp(9, 3, 1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
    EXPECT_NE(std::string(error.what()).find("no_such_folder/x.png"), std::string::npos);
  }
}

}  // namespace
}  // namespace ebm::report
