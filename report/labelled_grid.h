#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "report/image_grid.h"
#include "report/png.h"

namespace ebm::report {

/// Images in groups, one below the other, each with a text at its left: samples of classes. A group
/// is an image_grid() of its own, of 16 columns unless the options say how many.
/// @param values  [labels.size(), n_each, channels, height, width] in C order
/// @param labels  texts of the groups; of more than 40 bytes, the first 37 are shown
/// @return        a picture of 3 channels
/// @throws        Error(kShape) if `values` is not as many images for each label; what image_grid()
///                throws
PixelImage labelled_grid(std::span<const float> values, const data::ItemShape& shape,
                         const std::vector<std::string>& labels, GridOptions options = {});

/// An image_grid() with a head above each column, its words below one another in the same middle:
/// restored images beside what was observed.
/// @param values  [n, heads.size(), channels, height, width] in C order
/// @param heads   texts of the columns
/// @return        a picture of 3 channels
/// @throws        Error(kShape) if `values` is no whole number of rows; what image_grid() throws
PixelImage headed_grid(std::span<const float> values, const data::ItemShape& shape,
                       const std::vector<std::string>& heads, GridOptions options = {});

}  // namespace ebm::report
