#include "report/png.h"

#include <png.h>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::report {
namespace {

constexpr std::int64_t kMaxSide = 1000000;  // libpng's own limit

void require_valid(const PixelImage& image) {
  const auto text = [](std::int64_t value) { return std::to_string(value); };
  if (image.channels != 1 && image.channels != 3) {
    throw Error(ErrorCode::kShape,
                "a PNG picture has 1 channel (grey) or 3 (RGB), not " + text(image.channels));
  }
  if (image.width < 1 || image.height < 1 || image.width > kMaxSide || image.height > kMaxSide) {
    throw Error(ErrorCode::kShape, "a PNG picture of width x height " + text(image.width) + " x " +
                                       text(image.height) + ": each has to be in 1.." +
                                       text(kMaxSide));
  }
  const std::int64_t expected = image.width * image.height * image.channels;
  if (static_cast<std::int64_t>(image.pixels.size()) != expected) {
    throw Error(ErrorCode::kShape, "a PNG picture has " +
                                       text(static_cast<std::int64_t>(image.pixels.size())) +
                                       " bytes of pixels; its sizes ask for " + text(expected));
  }
}

}  // namespace

std::string png_bytes(const PixelImage& image) {
  require_valid(image);
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = image.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  constexpr int kKeepEightBits = 0, kPackedRows = 0;
  // An upper bound of the compressed size: half the time of asking libpng for the exact one.
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&header, bytes.data(), &size, kKeepEightBits, image.pixels.data(),
                                kPackedRows, nullptr) == 0) {
    throw Error(ErrorCode::kInternal, std::string("libpng cannot encode a picture: ") +
                                          static_cast<const char*>(header.message));
  }
  bytes.resize(size);
  return bytes;
}

void write_png(const std::filesystem::path& path, const PixelImage& image) {
  base::write_file_atomically(path, png_bytes(image));
}

}  // namespace ebm::report
