#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/on_read.h"

namespace ebm::data {

/// A single state.
struct OneItem {
  std::vector<float> values;          ///< [shape.size()], images in [−1, 1]
  std::vector<std::string> warnings;  ///< of the data set that it comes from
};

/// Reads one item, which `text` names as
///   `photo.png`, `photo.jpg#gray=1,size=28`   an image file, options of a SPEC after a `#`
///   `x.npy`, `x.npy#item=3`                   an array of one item, or one of its items
///   `fashion-mnist#split=test,item=7`         a SPEC (spec.h) of one item
///   `0.5,-1`                                  coordinates of a point, if `shape` is that of points
/// @param option  that names it, for messages
/// @param shape   that the item must have
/// @throws Error(kUsage) if the set has more items than one, or for coordinates that are not as
///         many as the point has or not finite; Error(kShape) for another shape; what
///         load_dataset() throws
OneItem read_one_item(const std::string& text, const std::string& option, const ItemShape& shape,
                      const OnRead& on_read = {});

}  // namespace ebm::data
