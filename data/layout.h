#pragma once

#include <string>

namespace ebm::data {

/// The order of the axes of images in an array.
enum class Layout {
  kNchw,  ///< [n, channels, height, width], as PyTorch has it
  kNhwc,  ///< [n, height, width, channels], as Keras has it
};

/// "nchw" or "nhwc", as in a SPEC.
inline std::string to_string(Layout layout) { return layout == Layout::kNhwc ? "nhwc" : "nchw"; }

}  // namespace ebm::data
