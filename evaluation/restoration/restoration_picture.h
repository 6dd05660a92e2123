#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/restore.h"

namespace ebm::evaluation {

/// A picture of restored images: a row for each, columns by name.
struct RestorationPicture {
  std::vector<std::string> columns;  ///< "observed", "sample", ..., "mean", "spread", "truth"
  std::vector<float> tiles;          ///< [images, columns, dim], values in [−1, 1]
};

/// At most 12 images with up to 4 samples each. What is hidden is grey; a small observation is
/// enlarged, its pixels as squares; one that is no image is left out. A spread of 0 is black, of 1
/// white. Further reconstructions stand between spread and truth.
/// @param y       [n_images, A.output_dim()]
/// @param truth   [n_images, dim], or empty
RestorationPicture restoration_picture(const ObservationOperator& observed,
                                       const std::vector<float>& y, const Restoration& restored,
                                       const std::vector<Reconstruction>& others,
                                       const std::vector<float>& truth,
                                       const data::ItemShape& shape);

}  // namespace ebm::evaluation
