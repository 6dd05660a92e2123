#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace ebm::app {

/// The feature network that comes with the program for images of this shape, in one of
/// models::share_folders().
/// @throws Error(kUsage) if there is none for this shape, saying how to train one; Error(kNoInput)
/// if
///         the file is missing.
std::filesystem::path shipped_features(const data::ItemShape& shape);

}  // namespace ebm::app
