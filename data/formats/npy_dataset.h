#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/layout.h"
#include "data/on_read.h"

namespace ebm::data {

struct NpyOptions {
  std::optional<Layout> layout = std::nullopt;  ///< of [n, c, h, w]; recognised if not given
  OnRead on_read = {};
};

/// A data set from an .npy file (npy.h), without labels:
///   integers [n, h, w] or [n, c, h, w]  images, grey levels 0..255
///   floats [n, h, w] or [n, c, h, w]    images, in [−1, 1]
///   floats or integers [n, dim]         points, finite; not uint8
/// or [n, h, w, c] (channel_order.h). Values that are allowed and look wrong, as levels that are
/// all 0 or 1, are a warning.
/// @throws Error(kBadData) for another shape or a length of 0, and naming the first item with a
///         value that is not finite or, in an image, not in [−1, 1]; Error(kUsage) for a layout of
///         an array without channels; and what read_npy throws.
Dataset load_npy(const std::filesystem::path& file, const NpyOptions& options = {});

}  // namespace ebm::data
