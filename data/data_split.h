#pragma once

#include <optional>
#include <string>

#include "data/dataset.h"

namespace ebm::data {

/// The test split beside the training split that a SPEC names, with its other options but `limit`;
/// nothing if the set has no splits, no test split, or the SPEC names the test split itself.
/// @throws what reading a data set throws, except where there is no such split.
std::optional<Dataset> test_split_beside(const std::string& spec);

}  // namespace ebm::data
