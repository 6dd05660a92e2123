#include "evaluation/live_quality.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "base/error.h"
#include "data/batch_source.h"
#include "metrics/frechet_distance.h"
#include "metrics/random_subset.h"

namespace ebm::evaluation {
namespace {

/// Index of the random subset, for one seed.
constexpr std::uint64_t kSubset = 2000;
/// A multiple of the 32 images that a feature network takes at a time.
constexpr std::int64_t kImagesAThread = 64;

/// Rows [n, dim] of random items, without noise.
std::vector<float> draw_images(const data::Dataset& dataset, std::int64_t n, std::uint64_t seed) {
  const auto items =
      metrics::random_subset(dataset.n, n, seed, kSubset, metrics::SubsetOf::kReference);
  const data::BatchSource source(dataset, {.batch_size = 1});
  const auto dim = static_cast<std::size_t>(source.dim());
  std::vector<float> rows(items.size() * dim);
  for (std::size_t i = 0; i < items.size(); ++i) {
    source.fill_range(items[i], 1, std::span(rows).subspan(i * dim, dim));
  }
  return rows;
}

}  // namespace

LiveQuality::LiveQuality(std::shared_ptr<const FeatureExtractor> features,
                         const data::Dataset& dataset, const LiveQualityOptions& options)
    : features_(std::move(features)), options_(options) {
  const std::string found = "eval_n = " + std::to_string(options.n) + ": ";
  if (options.n > dataset.n) {
    throw Error(ErrorCode::kUsage, found + dataset.name + " has " + std::to_string(dataset.n) +
                                       " images; must be at most as many");
  }
  const auto seen = features_->features_of(draw_images(dataset, options.n, options.seed),
                                           "training images", options.n_threads);
  if (options.n <= seen.d) {
    throw Error(ErrorCode::kUsage, found + "a covariance of " + std::to_string(seen.d) +
                                       " features takes at least " + std::to_string(seen.d + 1) +
                                       " images");
  }
  reference_ =
      metrics::moments_of({seen.values, seen.n, seen.d, "training images"}, {}, options.n_threads);
}

std::string LiveQuality::fingerprint() const {
  auto crc = crc32_z(0, nullptr, 0);
  for (const auto& values : {reference_.mean, reference_.covariance}) {
    crc =
        crc32_z(crc, reinterpret_cast<const Bytef*>(values.data()), values.size() * sizeof(double));
  }
  char text[9];
  std::snprintf(text, sizeof text, "%08lx", static_cast<unsigned long>(crc));
  return text;
}

std::optional<double> LiveQuality::distance_of(std::span<const float> rows, const std::string& name,
                                               const std::atomic<int>& stop) const {
  // In pieces, as the features of a large network take their time.
  const auto piece =
      static_cast<std::size_t>(kImagesAThread * options_.n_threads * features_->dim());
  std::vector<float> values;
  for (std::size_t at = 0; at < rows.size(); at += piece) {
    if (stop != 0) return std::nullopt;
    const auto seen = features_->features_of(rows.subspan(at, std::min(piece, rows.size() - at)),
                                             name, options_.n_threads);
    values.insert(values.end(), seen.values.begin(), seen.values.end());
  }
  const auto n = static_cast<std::int64_t>(rows.size()) / features_->dim();
  const metrics::FeatureView samples(values, n, reference_.d, name);
  return metrics::frechet_distance(reference_, metrics::moments_of(samples, {}, options_.n_threads))
      .value;
}

}  // namespace ebm::evaluation
