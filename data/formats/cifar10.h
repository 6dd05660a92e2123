#pragma once

#include <filesystem>
#include <optional>

#include "data/dataset.h"
#include "data/split.h"

namespace ebm::data {

/// CIFAR-10 in its binary version: records of one label byte and 3072 pixel bytes [3, 32, 32].
/// Split train (the default) is data_batch_1.bin to data_batch_5.bin, all five, in that order; test
/// is test_batch.bin. They lie in `folder` or in its subfolder cifar-10-batches-bin. Class names
/// come from batches.meta.txt beside them if it is there.
/// @throws Error(kNoInput) for a missing file, Error(kBadData) with file and record for a length
///         that is no multiple of 3073 or a label above 9, Error(kIo) if a file cannot be read.
/// Source: Krizhevsky 2009, and https://www.cs.toronto.edu/~kriz/cifar.html.
Dataset load_cifar10(const std::filesystem::path& folder, std::optional<Split> split);

}  // namespace ebm::data
