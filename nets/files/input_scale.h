#pragma once

#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// What the network was trained on, u, of the image x in [−1, 1] that the program works with:
/// u = scale·x + shift, one value for all channels or one for each.
struct InputScale {
  std::vector<double> scale = {1.0};
  std::vector<double> shift = {0.0};

  bool is_identity() const;
};

/// How PyTorch's code makes u of an image: values from black to white, then torchvision's
/// Normalize. All may be empty.
struct Normalization {
  std::vector<double> range = {};  ///< [2], values of black and white; empty: −1 and 1
  std::vector<double> mean = {};   ///< one, or one for each channel; empty: 0
  std::vector<double> sd = {};     ///< likewise; empty: 1
};

/// u = (low + (high − low)·(x + 1)/2 − mean)/sd.
/// @throws Error(kUsage) naming range, mean or std: for points, which are taken as they are; for
///         another number of values than channels; for what is not finite or has no size in
///         float32. Error(kShape) for another range than two values
InputScale scale_of(const Normalization& normalization, const Shape& input);

}  // namespace ebm::nets
