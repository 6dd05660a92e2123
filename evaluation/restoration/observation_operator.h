#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "samplers/operators/linear_operator.h"

namespace ebm::evaluation {

/// What is observed of an image, by name.
struct ObservationOperator {
  std::string text;                                   ///< as it was given
  std::shared_ptr<const samplers::LinearOperator> a;  ///< y = A x
  data::ItemShape shape;                              ///< of y; (m, 1, 1) where it is no image
  bool is_image = true;                               ///< y can be drawn as a picture
  /// [dim], 1 where a mask hides an entry of the image; empty for other operators. The observation
  /// of a mask is given and shown as a whole image, whose hidden entries do not matter.
  std::vector<std::uint8_t> is_hidden = {};
};

/// The operator that a text names, for images of a shape:
///   mask=FILE                   hides where FILE, of the image's height and width, is not 0
///                               (.npy) or light (a picture, from grey level 128 on)
///   mask=box:X,Y,WIDTH,HEIGHT   hides a rectangle, X and Y from the upper left corner
///   downsample=K                means of blocks of K x K pixels
///   blur=SD                     a Gaussian of SD pixels
///   noise                       the image itself
///   projection=FILE.npy         a matrix [m, values of an image]
/// @throws Error(kUsage) for an unknown name, suggesting the nearest, and a value that does not
///         fit; Error(kShape) for a file of another size; what reading a file throws
ObservationOperator observation_operator(const std::string& text, const data::ItemShape& shape);

/// A line for each, for --help.
std::string describe_observation_operators();

}  // namespace ebm::evaluation
