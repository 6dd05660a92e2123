#pragma once

#include <cstdint>
#include <string_view>

namespace ebm::report {

/// CRC-32C (Castagnoli): polynomial 0x1EDC6F41, reflected, started with and inverted by all ones.
/// Source: RFC 3720, appendix B.4.
std::uint32_t crc32c(std::string_view bytes);

/// The checksum as TFRecord files store it: rotated right by 15 bits, plus 0xA282EAD8, so that the
/// checksum of data that hold checksums stays a good one.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace ebm::report
