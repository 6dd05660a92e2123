#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/layout.h"

namespace ebm::data {

/// Gives `dataset` the item shape of an array [n, a, b, c] of images and puts channels first. The
/// array is [n, height, width, channels] if `layout` says so, or if it says nothing and this is the
/// only sense: c is 1 or 3 and a is not; a warning then says it. Otherwise it is [n, channels,
/// height, width], with a warning if c is at most 4 and a is above.
/// @param dims  four lengths, of which dataset.values has the product
/// @param file  its name, for warnings
void set_image_shape(const std::vector<std::int64_t>& dims, std::optional<Layout> layout,
                     const std::string& file, Dataset& dataset);

/// Refuses a `layout` of an array without an axis of channels. @throws Error(kUsage)
void require_no_layout(std::optional<Layout> layout, const std::vector<std::int64_t>& dims,
                       const std::string& file);

}  // namespace ebm::data
