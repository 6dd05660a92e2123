#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace ebm::base {

/// Called with a piece of a file and with the share of the file, in [0, 1], that has been read with
/// it; NaN where the size is not known, as of a pipe.
using OnPiece = std::function<void(std::string_view piece, double fraction)>;

/// Reads a file from its begin to its end in pieces of 1 MiB, so that a large one takes no memory
/// of its size. What `on_piece` throws ends the reading and reaches the caller.
/// @throws Error(kNoInput) if it does not exist, Error(kIo) if it cannot be read.
void read_pieces(const std::filesystem::path& path, const OnPiece& on_piece);

}  // namespace ebm::base
