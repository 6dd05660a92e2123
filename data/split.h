#pragma once

#include <string>

namespace ebm::data {

/// Which part of a data set. Only folders of images have a validation split.
enum class Split { kTrain, kTest, kValidation };

/// "train", "test" or "val", as in a SPEC.
inline std::string to_string(Split split) {
  switch (split) {
    case Split::kTrain:
      return "train";
    case Split::kTest:
      return "test";
    case Split::kValidation:
      return "val";
  }
  return "";
}

}  // namespace ebm::data
