#include "evaluation/feature_comparison.h"

#include <chrono>
#include <span>

#include "base/error.h"
#include "metrics/frechet_distance.h"

namespace ebm::evaluation {
namespace {

metrics::SeenSet first_of(const ImageFeatures& features, std::int64_t n, const std::string& name) {
  const auto n_values = static_cast<std::size_t>(n * features.d);
  std::span<const std::int64_t> classes(features.classes);
  if (!classes.empty()) classes = classes.first(static_cast<std::size_t>(n));
  return {metrics::FeatureView(std::span(features.values).first(n_values), n, features.d, name),
          classes};
}

constexpr const char* kReference = "training images";

/// Looks at the features of one image, as those of all may take minutes.
void require_covariance(const FeatureExtractor& features, const ImageRows& reference,
                        const FeatureComparison::Options& options) {
  const auto first = std::span(reference.rows).first(static_cast<std::size_t>(features.dim()));
  const std::int64_t d = features.features_of(first, reference.name, 1).d;
  if (reference.n > d) return;
  const std::string needed = std::to_string(d + 1);
  throw Error(ErrorCode::kBadData,
              "n = " + std::to_string(reference.n) + ": a covariance of " + std::to_string(d) +
                  " features takes at least " + needed + " images of each kind" +
                  (options.limited_by.empty() ? "" : "; " + options.limited_by + " has too few"));
}

}  // namespace

FeatureComparison::FeatureComparison(const FeatureExtractor& features, const ImageRows& reference,
                                     const ImageRows& test, const Options& options)
    : features_(features),
      on_progress_(options.on_progress),
      options_{
          .n_classes = features.n_classes(), .seed = options.seed, .n_threads = options.n_threads},
      reference_((require_covariance(features, reference, options), features_of(reference))),
      test_(features_of(test)),
      test_name_(test.name) {}

ImageFeatures FeatureComparison::features_of(const ImageRows& images) const {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto report = [&](std::int64_t n_done) {
    if (!on_progress_) return;
    on_progress_({.task = Task::kFeatures,
                  .phase = images.name,
                  .fraction = static_cast<double>(n_done) / static_cast<double>(images.n),
                  .seconds = std::chrono::duration<double>(Clock::now() - start).count()});
  };
  return features_.features_of(images.rows, images.name, options_.n_threads, report);
}

EvaluatedSet FeatureComparison::compare(const std::string& key, const ImageRows& images) const {
  const auto seen = features_of(images);
  const metrics::SeenSet drawn = first_of(seen, seen.n, images.name);
  return {key, images.name,
          metrics::sample_quality(first_of(reference_, seen.n, kReference), drawn, options_),
          metrics::memorisation(first_of(reference_, reference_.n, kReference).features,
                                first_of(test_, test_.n, test_name_).features, drawn.features,
                                options_.n_threads)};
}

EvaluatedSet FeatureComparison::compare_test(const std::string& key) const {
  return {key, test_name_,
          metrics::sample_quality(first_of(reference_, test_.n, kReference),
                                  first_of(test_, test_.n, test_name_), options_)};
}

double FeatureComparison::frechet_distance(const ImageRows& images) const {
  const auto seen = features_of(images);
  return metrics::frechet_distance(first_of(reference_, seen.n, kReference).features,
                                   first_of(seen, seen.n, images.name).features, options_.n_threads)
      .value;
}

}  // namespace ebm::evaluation
