#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace ebm::app {

/// The feature network that comes with the program for images of this shape, in ../share/ebm beside
/// the program or in the source tree that it was built from.
/// @throws Error(kUsage) saying how to make one, if there is none; Error(kNoInput) naming the
/// places
///         where it should be.
std::filesystem::path shipped_features(const data::ItemShape& shape);

}  // namespace ebm::app
