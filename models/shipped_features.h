#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "models/share_file.h"

namespace ebm::models {

/// The feature network that comes with the program for images of this shape, in one of
/// share_folders().
/// @throws Error(kUsage) if there is none for this shape, saying how to train one; Error(kNoInput)
///         if the file is missing
std::filesystem::path shipped_features(const data::ItemShape& shape,
                                       const std::filesystem::path& package = kShareDir);

}  // namespace ebm::models
