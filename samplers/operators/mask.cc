#include "samplers/operators/mask.h"

#include <vector>

#include "base/error.h"
#include "samplers/operators/sparse_operator.h"

namespace ebm::samplers {

std::shared_ptr<const LinearOperator> mask_operator(std::span<const std::uint8_t> is_hidden) {
  std::vector<std::vector<SparseEntry>> rows;
  for (std::size_t d = 0; d < is_hidden.size(); ++d) {
    if (is_hidden[d] == 0) rows.push_back({{static_cast<std::int64_t>(d), 1.0f}});
  }
  if (rows.empty()) throw Error(ErrorCode::kUsage, "mask: hides everything; nothing is observed");
  return std::make_shared<SparseOperator>(static_cast<std::int64_t>(is_hidden.size()), rows);
}

}  // namespace ebm::samplers
