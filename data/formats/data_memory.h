#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ebm::data {

/// Refuses the items of a file or folder before they are read if there is no memory for them. Few
/// megabytes are not looked at.
/// @param file         for the message
/// @param shape        [n, ...]
/// @param value_bytes  of a value in memory
/// @throws Error(kUsage) "x.npy: 81380 items of 3 x 64 x 64 do not fit in memory: needs 1.0 GB,
///         ulimit -v leaves 310 MB, enough for 25000"
void require_memory_for(const std::string& file, const std::vector<std::int64_t>& shape,
                        std::size_t value_bytes);

}  // namespace ebm::data
