#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ebm::data {

struct PngSpec {
  std::uint32_t width = 1, height = 1;
  int depth = 8;
  int color_type = 0;                      ///< 0 grey, 2 RGB, 3 palette, 4 grey-alpha, 6 RGBA
  std::vector<std::uint8_t> palette = {};  ///< [n, 3]
  std::vector<std::uint8_t> opacity = {};  ///< tRNS of a palette
  int transparent_gray = -1;               ///< tRNS of grey
  bool interlaced = false;
};

/// A PNG made by libpng of packed rows, as the format has them (16 bits big-endian).
std::string png_bytes(const PngSpec& spec, const std::vector<std::uint8_t>& packed_rows);

struct JpegSpec {
  unsigned width = 8, height = 8;
  int components = 1;  ///< 1 grey, 3 RGB in, 4 CMYK in
  bool ycck = false;   ///< CMYK is stored as YCCK
  bool adobe = true;   ///< write the Adobe marker (CMYK)
  bool progressive = false;
  bool full_scans = false;  ///< grey, in two progressive scans of all bits each
};

/// A JPEG of quality 100 without chroma subsampling, made by libjpeg of [height, width,
/// components].
std::string jpeg_bytes(const JpegSpec& spec, const std::vector<std::uint8_t>& pixels);

/// A WebP without loss, made by libwebp of [height, width, channels] with 3 or 4 channels.
std::string webp_bytes(int width, int height, int channels,
                       const std::vector<std::uint8_t>& pixels);

}  // namespace ebm::data
