#include "samplers/operators/identity.h"

#include <vector>

#include "base/require.h"
#include "samplers/operators/sparse_operator.h"

namespace ebm::samplers {

std::shared_ptr<const LinearOperator> identity_operator(std::int64_t dim) {
  base::require_at_least("dim", dim, 1);
  std::vector<std::vector<SparseEntry>> rows;
  for (std::int64_t d = 0; d < dim; ++d) rows.push_back({{d, 1.0f}});
  return std::make_shared<SparseOperator>(dim, rows);
}

}  // namespace ebm::samplers
