#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ebm::report {

/// A picture in memory: rows from the top, pixels from the left, channels innermost.
struct PixelImage {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t channels = 1;           ///< 1: grey, 3: red, green, blue
  std::vector<std::uint8_t> pixels{};  ///< [height, width, channels], sRGB-encoded levels
};

/// `image` as a PNG file of 8 bits a channel. The bytes depend on the pixels alone: the file has no
/// time stamp.
/// @throws Error(kShape) if the sizes are not positive, exceed 1,000,000 or do not agree with
///         `pixels`, or if `channels` is neither 1 nor 3.
std::string png_bytes(const PixelImage& image);

/// Writes png_bytes(image) to `path`; a reader never meets half a picture.
/// @throws Error(kShape) as png_bytes, Error(kIo) naming the path.
void write_png(const std::filesystem::path& path, const PixelImage& image);

}  // namespace ebm::report
