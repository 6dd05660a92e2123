#include "data/formats/webp_decoder.h"

#include <webp/decode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/formats/bad_file.h"
#include "data/formats/exif.h"
#include "data/formats/transparency.h"

namespace ebm::data {
namespace {

/// Of one colour, so many pixels may come from one byte of a large image.
constexpr std::int64_t kFreePixels = std::int64_t{1} << 21, kPixelsPerByte = 92;

const std::uint8_t* data_of(std::string_view bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// The content of the EXIF chunk, or nothing.
std::string_view exif_of(std::string_view bytes) {
  constexpr std::size_t kFirstChunk = 12, kChunkHeader = 8;
  constexpr std::string_view kPrefix("Exif\0\0", 6);
  std::size_t at = kFirstChunk;
  while (at < bytes.size() && bytes.size() - at >= kChunkHeader) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      length |= std::size_t{static_cast<std::uint8_t>(bytes[at + 4 + i])} << (8 * i);
    }
    std::string_view content = bytes.substr(at + kChunkHeader, length);
    if (bytes.substr(at, 4) == "EXIF") {
      return content.starts_with(kPrefix) ? content.substr(kPrefix.size()) : content;
    }
    at += kChunkHeader + length + length % 2;
  }
  return {};
}

void check_size(const WebPBitstreamFeatures& features, std::size_t n_bytes,
                const std::string& file) {
  const std::string size = std::to_string(features.width) + " x " + std::to_string(features.height);
  const std::int64_t n_pixels = std::int64_t{features.width} * features.height;
  if (n_pixels > kMaxPixels) {
    bad_file(file, "WebP of " + size + " pixels, expected at most 2^26 in all");
  }
  if (n_pixels > std::max(kFreePixels, kPixelsPerByte * static_cast<std::int64_t>(n_bytes))) {
    bad_file(file, "WebP of " + size + " pixels in " + std::to_string(n_bytes) +
                       " bytes, expected at most 2^21 pixels, or 92 from each byte");
  }
}

}  // namespace

bool looks_like_webp(std::string_view bytes) {
  return bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP";
}

DecodedImage decode_webp(std::string_view bytes, const std::string& file, const Color& background) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data_of(bytes), bytes.size(), &features) != VP8_STATUS_OK) {
    bad_file(file, "corrupt WebP: no header of an image");
  }
  if (features.has_animation != 0) {
    bad_file(file, "animated WebP, expected an image that stands still");
  }
  check_size(features, bytes.size(), file);
  const bool has_alpha = features.has_alpha != 0;
  const auto decode = has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
  const int row_bytes = features.width * (has_alpha ? 4 : 3);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(row_bytes) *
                                   static_cast<std::size_t>(features.height));
  if (decode(data_of(bytes), bytes.size(), pixels.data(), pixels.size(), row_bytes) == nullptr) {
    bad_file(file, "corrupt WebP: its pixels are damaged, or the file ends too early");
  }
  const ItemShape shape{.channels = 3, .height = features.height, .width = features.width};
  DecodedImage found = has_alpha ? over_background(pixels, shape, background)
                                 : DecodedImage{.image = image_from_interleaved(pixels, shape)};
  found.orientation = exif_orientation(exif_of(bytes));
  return found;
}

}  // namespace ebm::data
