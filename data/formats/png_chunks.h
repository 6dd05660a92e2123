#pragma once

#include <string>
#include <string_view>

namespace ebm::data {

/// What a PNG holds of its pixels.
struct PngChunks {
  /// The file with the chunks that pixels depend on alone (IHDR, PLTE, tRNS, IDAT, IEND and unknown
  /// critical ones). Text, profiles and the like are a way to make a decoder take memory.
  std::string pixels;
  std::string_view exif;  ///< content of the eXIf chunk, or empty
  std::string warning;    ///< of a checksum that fails in a chunk that is left out, or empty
};

/// Walks through the chunks of a PNG, which have to lie inside its bytes.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it ends inside its signature or a chunk, or before IEND.
/// Source: PNG specification, third edition, section 5.
PngChunks read_png_chunks(std::string_view bytes, const std::string& file);

}  // namespace ebm::data
