#include "data/formats/png_chunks.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/quote.h"
#include "data/formats/bad_file.h"

namespace ebm::data {
namespace {

/// The chunk IEND: no content.
constexpr std::string_view kEnd("\0\0\0\0IEND\xae\x42\x60\x82", 12);

std::uint32_t big_endian(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
  }
  return value;
}

/// Whether pixels depend on a chunk: critical ones have a capital letter in front.
bool matters(std::string_view type) {
  return type == "tRNS" || (static_cast<unsigned char>(type[0]) & 0x20) == 0;
}

}  // namespace

PngChunks read_png_chunks(std::string_view bytes, const std::string& file) {
  constexpr std::size_t kSignature = 8, kTypeAt = 4, kContentAt = 8, kAround = 12;
  if (bytes.size() < kSignature) {
    bad_file(file, "corrupt PNG: ends at offset " + std::to_string(bytes.size()) +
                       ", inside its signature of 8 bytes");
  }
  PngChunks chunks{.pixels = std::string(bytes.substr(0, kSignature)), .exif = {}, .warning = {}};
  bool has_pixels = false;
  std::size_t at = kSignature;
  for (;;) {
    const std::size_t left = bytes.size() - at;
    const std::uint64_t length = left < kAround ? 0 : big_endian(bytes, at);
    if (left < kAround || length > left - kAround) {
      const std::string_view type = bytes.substr(std::min(at + kTypeAt, bytes.size()), 4);
      const bool is_needed = type.size() == 4 && type != "IEND" && matters(type);
      if (!has_pixels || is_needed) {
        bad_file(file, "corrupt PNG: the file ends at offset " + std::to_string(bytes.size()) +
                           ", inside the chunk that begins at offset " + std::to_string(at));
      }
      chunks.pixels += kEnd;
      chunks.warning = "the file ends at offset " + std::to_string(bytes.size()) +
                       ", without its last chunk, IEND";
      return chunks;
    }
    const std::string_view chunk = bytes.substr(at, length + kAround);
    const std::string_view type = chunk.substr(kTypeAt, 4);
    at += chunk.size();
    if (matters(type)) {
      chunks.pixels += chunk;
      has_pixels = has_pixels || type == "IDAT";
      if (type == "IEND") return chunks;
      continue;
    }
    // Of the type and the content, as the file has it behind them.
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(type.data()), 4 + length);
    if (crc != big_endian(chunk, kContentAt + length)) {
      chunks.warning = "wrong checksum of the chunk " + base::quote(type, '\'') + " at offset " +
                       std::to_string(at - chunk.size());
    } else if (type == "eXIf" && chunks.exif.empty()) {
      chunks.exif = chunk.substr(kContentAt, length);
    }
  }
}

}  // namespace ebm::data
