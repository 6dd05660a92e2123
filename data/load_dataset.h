#pragma once

#include <string>

#include "data/dataset.h"
#include "data/on_read.h"
#include "data/spec.h"

namespace ebm::data {

/// Reads or draws the data set that a SPEC names (spec.h), whole or not at all. `class` is applied
/// first, then `limit`, which keeps the first items in order, then `item`; then `gray`, then
/// `size`. A toy has `limit` points, 10000 unless given. The name of the set is the SPEC with
/// defaults filled in. What was left out or had to be chosen is in its `warnings`.
/// @param on_read  called for folders of images, after each, and .npy files, after each few MB
/// @throws Error(kUsage) for a bad SPEC; Error(kNoInput), Error(kBadData) or Error(kIo) naming the
///         file for bad input, Error(kBadData) also if `class` leaves nothing.
Dataset load_dataset(const std::string& spec, const OnRead& on_read = {});
Dataset load_dataset(DataSpec spec, const OnRead& on_read = {});

}  // namespace ebm::data
