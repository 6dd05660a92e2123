#pragma once

#include <functional>

namespace ebm::data {

/// Called again and again while a data set is read, with the part of it that is read, in [0, 1].
/// What it throws ends the reading.
using OnRead = std::function<void(double fraction)>;

}  // namespace ebm::data
