#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace ebm::data {

/// A data set from an .npy file (npy.h), without labels:
///   uint8 [n, h, w] or [n, c, h, w]    images, grey levels 0..255
///   float32 [n, h, w] or [n, c, h, w]  images, in [−1, 1]
///   float32 [n, dim]                   points, finite
/// @throws Error(kBadData) for another shape or a length of 0, and naming the first item with a
///         value that is not finite or, in an image, not in [−1, 1]; and what read_npy throws.
Dataset load_npy(const std::filesystem::path& file);

}  // namespace ebm::data
