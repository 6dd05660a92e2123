#pragma once

#include "data/dataset.h"

namespace ebm::data {

/// √(mean x²) over all values of all items, images in [−1, 1]: their standard deviation around 0.
double root_mean_square(const Dataset& dataset);

}  // namespace ebm::data
