#include "data/root_mean_square.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "data/batch_source.h"

namespace ebm::data {

double root_mean_square(const Dataset& dataset) {
  const BatchSource source(dataset, {.batch_size = 1});
  const std::int64_t dim = dataset.shape.size();
  constexpr std::int64_t kPiece = 256;
  std::vector<float> rows(static_cast<std::size_t>(kPiece * dim));
  double sum = 0.0;
  for (std::int64_t first = 0; first < dataset.n; first += kPiece) {
    const std::int64_t n = std::min(kPiece, dataset.n - first);
    const std::span some = std::span(rows).first(static_cast<std::size_t>(n * dim));
    source.fill_range(first, n, some);
    double squares = 0.0;
    for (const float x : some) squares += double{x} * double{x};
    sum += squares / static_cast<double>(dim);
  }
  return std::sqrt(sum / static_cast<double>(dataset.n));
}

}  // namespace ebm::data
