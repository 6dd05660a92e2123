#include "samplers/operators/downsample.h"

#include <string>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "samplers/operators/sparse_operator.h"

namespace ebm::samplers {

std::shared_ptr<const LinearOperator> downsample_operator(const ImageShape& shape,
                                                          std::int64_t factor) {
  base::require_at_least("downsample", factor, 2);
  if (shape.height % factor != 0 || shape.width % factor != 0) {
    throw Error(ErrorCode::kUsage, "downsample = " + std::to_string(factor) +
                                       ": must divide the height " + std::to_string(shape.height) +
                                       " and the width " + std::to_string(shape.width) +
                                       " of the images");
  }
  const auto weight = static_cast<float>(1.0 / static_cast<double>(factor * factor));
  const std::int64_t height = shape.height / factor, width = shape.width / factor;
  std::vector<std::vector<SparseEntry>> rows;
  for (std::int64_t i = 0; i < shape.channels * height; ++i) {
    const std::int64_t channel = i / height, top = i % height * factor;
    for (std::int64_t left = 0; left < width * factor; left += factor) {
      std::vector<SparseEntry> row;
      for (std::int64_t k = 0; k < factor * factor; ++k) {
        const std::int64_t y = top + k / factor, x = left + k % factor;
        row.push_back({(channel * shape.height + y) * shape.width + x, weight});
      }
      rows.push_back(std::move(row));
    }
  }
  return std::make_shared<SparseOperator>(shape.size(), rows);
}

}  // namespace ebm::samplers
