#pragma once

#include <string>

namespace ebm::data {

/// Which part of a data set.
enum class Split { kTrain, kTest };

/// "train" or "test", as in a SPEC.
inline std::string to_string(Split split) { return split == Split::kTest ? "test" : "train"; }

}  // namespace ebm::data
