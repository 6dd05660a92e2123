#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace ebm::data {

struct ClassCount {
  std::int32_t label = 0;
  std::string name;  ///< empty if the set names no classes
  std::int64_t n = 0;
};

/// Over all values of a set; sd² is the mean of (value − mean)².
struct ValueRange {
  double min = 0, max = 0, mean = 0, sd = 0;
};

/// What `ebm data` shows of a data set.
struct DatasetSummary {
  std::string name;
  std::int64_t n = 0;
  ItemShape shape;
  std::string kind;  ///< "uint8" or "float32"
  bool is_image = true;
  ValueRange stored;  ///< in the units of the set: grey levels, or as they are
  ValueRange scaled;  ///< in those of the nets: v/127.5 − 1 of bytes, else as stored
  std::vector<ClassCount> classes;  ///< by label, named ones without items too; empty if unlabelled
};

/// @throws Error(kShape) if the set is empty.
DatasetSummary describe(const Dataset& dataset);

}  // namespace ebm::data
