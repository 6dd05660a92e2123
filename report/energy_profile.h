#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "report/png.h"

namespace ebm::report {

/// A way through states, and what lies on it.
struct ShownPath {
  std::string name;
  std::vector<float> states;    ///< [n, shape.size()]
  std::vector<float> energies;  ///< [n], finite
};

/// The energies along paths as lines over the states, whose numbers stand below. Images of one or
/// three channels stand above their places as film strips, a row for each path, in their order,
/// with its name.
/// @param paths  at least one, all of the same number n of states, from 2 to 200
/// @throws Error(kUsage) for other numbers or more than fits, Error(kShape) for sizes that do not
///         agree, Error(kBadData) for a value that is not finite
PixelImage energy_profile(const std::vector<ShownPath>& paths, const data::ItemShape& shape,
                          bool is_image);

}  // namespace ebm::report
