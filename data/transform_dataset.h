#pragma once

#include <cstdint>

#include "data/dataset.h"

namespace ebm::data {

/// Only the items labelled `klass`, in order; labels and class names stay as they are.
/// @throws Error(kBadData) naming the set if it has no labels or no item is left.
Dataset keep_class(Dataset dataset, std::int32_t klass);

/// Only the first `limit` items, or all if there are no more.
/// @throws Error(kUsage) unless limit >= 1.
Dataset keep_first(Dataset dataset, std::int64_t limit);

/// Only item `item`, counted from 0.
/// @throws Error(kBadData) naming the set and the number of its items if there is no such item.
Dataset keep_item(Dataset dataset, std::int64_t item);

/// Every image through to_gray (image.h).
/// @throws Error(kBadData) unless the set holds bytes of 1 or 3 channels.
Dataset gray_images(Dataset dataset);

/// Every image through crop_and_resize (resize.h), the channels one by one.
/// @throws Error(kBadData) unless the set holds bytes.
Dataset resize_images(Dataset dataset, std::int64_t size);

/// As many items, each three random grey images of the set as the channels of one: "stacked MNIST"
/// and the like. Item i is three draws of next_below(n) from RandomStream i of (0,
/// Domain::kToyData, generation 2). Its label is (a·K + b)·K + c, a, b, c those of its channels and
/// K the number of classes; without labels it has none, and class names are dropped.
/// @throws Error(kBadData) unless the set holds bytes of 1 channel.
/// Source: Metz et al. 2017, "Unrolled generative adversarial networks", section 3.3.1.
Dataset stack_images(Dataset dataset);

}  // namespace ebm::data
