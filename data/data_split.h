#pragma once

#include <optional>
#include <string>

#include "data/dataset.h"
#include "data/on_read.h"

namespace ebm::data {

/// The test split beside the training split that a SPEC names, with its other options but `limit`;
/// the validation split of a folder of images that has no test split. Nothing if the set has no
/// splits, none but that for training, or the SPEC names another than that itself.
/// @throws what reading a data set throws, except where there is no such split.
std::optional<Dataset> test_split_beside(const std::string& spec, const OnRead& on_read = {});

}  // namespace ebm::data
