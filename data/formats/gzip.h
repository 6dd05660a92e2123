#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::data {

/// Whether `bytes` begin as a gzip file does (1f 8b).
bool looks_gzipped(std::string_view bytes);

/// The most bytes that `packed_bytes` bytes of a gzip file can unpack to. Deflate codes at most 258
/// bytes in two bits: a factor of 1032.
std::uint64_t max_unpacked_bytes(std::uint64_t packed_bytes);

/// Unpacks a gzip file, all its members one after the other. Memory grows with what is really
/// unpacked and never beyond `limit` + 1 bytes, whatever the file says.
/// @param packed  the whole file
/// @param file    its name, for messages
/// @throws Error(kBadData) with the offset in the packed file if it is corrupt, ends too early, is
///         followed by something else, or unpacks to more than `limit` bytes.
std::vector<std::uint8_t> gunzip(std::string_view packed, const std::string& file,
                                 std::size_t limit);

/// The first `n` unpacked bytes, fewer if there are no more; what follows is not looked at.
std::vector<std::uint8_t> gunzip_prefix(std::string_view packed, const std::string& file,
                                        std::size_t n);

}  // namespace ebm::data
