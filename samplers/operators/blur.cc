#include "samplers/operators/blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/operators/product_operator.h"
#include "samplers/operators/sparse_operator.h"

namespace ebm::samplers {
namespace {

/// Weights of −radius, ..., radius.
std::vector<double> gaussian_weights(double sd) {
  const auto radius = static_cast<std::int64_t>(std::ceil(4.0 * sd));
  std::vector<double> weights;
  double sum = 0.0;
  for (std::int64_t k = -radius; k <= radius; ++k) {
    weights.push_back(std::exp(-0.5 * std::pow(static_cast<double>(k) / sd, 2)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// Along one axis of an image seen as [outer, length, inner].
std::shared_ptr<const LinearOperator> blur_along(std::int64_t outer, std::int64_t length,
                                                 std::int64_t inner,
                                                 const std::vector<double>& weights) {
  const auto radius = static_cast<std::int64_t>(weights.size()) / 2;
  std::vector<std::vector<SparseEntry>> rows;
  for (std::int64_t i = 0; i < outer * length * inner; ++i) {
    const std::int64_t at = i / inner % length, first = i - at * inner;
    std::vector<double> of_place(static_cast<std::size_t>(length));
    for (std::int64_t k = -radius; k <= radius; ++k) {
      const std::int64_t place = std::clamp<std::int64_t>(at + k, 0, length - 1);
      of_place[static_cast<std::size_t>(place)] += weights[static_cast<std::size_t>(k + radius)];
    }
    std::vector<SparseEntry> row;
    for (std::int64_t place = 0; place < length; ++place) {
      const auto weight = static_cast<float>(of_place[static_cast<std::size_t>(place)]);
      if (weight > 0.0f) row.push_back({first + place * inner, weight});
    }
    rows.push_back(std::move(row));
  }
  return std::make_shared<SparseOperator>(outer * length * inner, rows);
}

}  // namespace

std::shared_ptr<const LinearOperator> blur_operator(const ImageShape& shape, double sd) {
  base::require_positive("blur", sd);
  const double largest = 0.25 * static_cast<double>(std::max(shape.height, shape.width));
  if (sd > largest) {
    throw Error(ErrorCode::kUsage, "blur = " + base::number_text(sd) + ": must be at most " +
                                       base::number_text(largest) +
                                       " pixels, a quarter of the longer side");
  }
  const std::vector<double> weights = gaussian_weights(sd);
  return std::make_shared<ProductOperator>(
      blur_along(shape.channels, shape.height, shape.width, weights),
      blur_along(shape.channels * shape.height, shape.width, 1, weights));
}

}  // namespace ebm::samplers
