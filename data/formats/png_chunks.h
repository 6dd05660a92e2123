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
  std::string warning;    ///< of a wrong checksum in a chunk that is left out, or a missing end
};

/// Walks through the chunks of a PNG, which have to lie inside its bytes. What follows the pixels
/// may be missing: whether all pixels are there is for the decoder to say.
/// @param file  its name, for messages
/// @throws Error(kBadData) if it ends inside its signature or inside a chunk that pixels depend on,
///         or before any pixels.
/// Source: PNG specification, third edition, section 5.
PngChunks read_png_chunks(std::string_view bytes, const std::string& file);

}  // namespace ebm::data
