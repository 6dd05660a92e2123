#pragma once

#include <string>

#include "data/dataset.h"

namespace ebm::training {

/// Number, shape and CRC-32 of the values of a data set, as "60000x1x28x28-8f3c2a10": enough to
/// tell that a resumed run has the data it began with.
std::string fingerprint(const data::Dataset& dataset);

/// CRC-32 of the labels, as "8f3c2a10".
std::string label_fingerprint(const data::Dataset& dataset);

}  // namespace ebm::training
