#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// An operator and its matrix in double precision, written out by another formula.
struct OperatorCase {
  std::string name;
  std::shared_ptr<const LinearOperator> a;
  std::vector<double> matrix;  ///< [a.output_dim(), a.dim()]

  double weight(std::int64_t row, std::int64_t column) const {
    return matrix[static_cast<std::size_t>(row * a->dim() + column)];
  }
};

// GoogleTest calls it by this name. NOLINTNEXTLINE(readability-identifier-naming)
inline void PrintTo(const OperatorCase& the, std::ostream* out) { *out << the.name; }

/// Every operator, on images of 2 channels, 4 rows and 6 columns.
const std::vector<OperatorCase>& operator_cases();

}  // namespace ebm::samplers
