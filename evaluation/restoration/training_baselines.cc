#include "evaluation/restoration/training_baselines.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "data/batch_source.h"
#include "metrics/neighbours/nearest_neighbours.h"
#include "samplers/chain_block.h"

namespace ebm::evaluation {
namespace {

/// A squared distance and the number of an image: nearer ones first, then those before.
using Candidate = std::pair<double, std::int64_t>;

}  // namespace

TrainingBaselines training_baselines(const ObservationOperator& observed,
                                     const std::vector<float>& y, const data::Dataset& training,
                                     std::int64_t k, int n_threads) {
  /// Training images at a time.
  constexpr std::int64_t kChunk = 8192;
  const std::int64_t m = observed.a->output_dim();
  const auto dim = static_cast<std::size_t>(observed.a->dim());
  const auto n = static_cast<std::int64_t>(y.size()) / m;
  const data::BatchSource source(training, {.batch_size = 1});
  samplers::require_size(static_cast<std::size_t>(source.dim()), observed.a->dim(),
                         "a training image");
  const metrics::FeatureView queries(y, n, m, "observations");
  if (training.n < k) {
    throw Error(ErrorCode::kShape, training.name + " holds " + std::to_string(training.n) +
                                       " images; must be at least the " + std::to_string(k) +
                                       " nearest of each observation");
  }
  std::vector<double> sums(dim);
  std::vector<std::vector<Candidate>> nearest(static_cast<std::size_t>(n));
  for (std::int64_t first = 0; first < training.n; first += kChunk) {
    const std::int64_t n_here = std::min(kChunk, training.n - first);
    std::vector<float> rows(static_cast<std::size_t>(n_here) * dim);
    source.fill_range(first, n_here, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) sums[i % dim] += double{rows[i]};
    const std::vector<float> seen = samplers::apply_to_rows(*observed.a, rows, n_threads);
    const std::int64_t k_here = std::min(k, n_here);
    const metrics::Neighbours found = metrics::nearest_neighbours(
        queries, metrics::FeatureView(seen, n_here, m, "training images"),
        {.k = k_here, .n_threads = n_threads});
    for (std::size_t i = 0; i < found.indices.size(); ++i) {
      std::vector<Candidate>& of_image = nearest[i / static_cast<std::size_t>(k_here)];
      of_image.emplace_back(found.squared_distances[i], first + found.indices[i]);
    }
    for (std::vector<Candidate>& of_image : nearest) {
      std::ranges::sort(of_image);
      of_image.resize(std::min(of_image.size(), static_cast<std::size_t>(k)));
    }
  }
  TrainingBaselines out;
  for (const double sum : sums) {
    out.mean.push_back(static_cast<float>(sum / static_cast<double>(training.n)));
  }
  out.nearest.resize(static_cast<std::size_t>(n * k) * dim);
  for (const std::vector<Candidate>& of_image : nearest) {
    for (const Candidate& candidate : of_image) {
      source.fill_range(candidate.second, 1,
                        std::span(out.nearest).subspan(out.indices.size() * dim, dim));
      out.indices.push_back(candidate.second);
    }
  }
  return out;
}

}  // namespace ebm::evaluation
