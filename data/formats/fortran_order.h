#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebm::data {

/// Walks over an array whose first index runs fastest (Fortran order) and says where each value
/// lies when its last index runs fastest (C order): value i_1 + n_1 (i_2 + n_2 (i_3 + ...)) of the
/// former is value ((i_1 n_2 + i_2) n_3 + i_3) ... of the latter.
class FortranOrder {
 public:
  /// @param shape  [n_1, n_2, ...], each at least 1
  explicit FortranOrder(const std::vector<std::int64_t>& shape);

  /// The place in C order of the next value; after the last one, of the first.
  std::size_t next();

 private:
  struct Axis {
    std::size_t length, stride;  ///< stride: places between neighbours in C order
    std::size_t index = 0;
  };
  std::vector<Axis> axes_;
  std::size_t place_ = 0;
};

}  // namespace ebm::data
