#include "app/torch_judge.h"

#include <span>

#include "base/error.h"
#include "metrics/frechet_distance.h"

namespace ebm::app {
namespace {

metrics::SeenSet first_of(const torch_nets::ImageFeatures& features, std::int64_t n,
                          const std::string& name) {
  const auto n_values = static_cast<std::size_t>(n * features.d);
  std::span<const std::int64_t> classes(features.classes);
  if (!classes.empty()) classes = classes.first(static_cast<std::size_t>(n));
  return {metrics::FeatureView(std::span(features.values).first(n_values), n, features.d, name),
          classes};
}

constexpr const char* kReference = "training images";

}  // namespace

Judge::Judge(const torch_nets::FeatureNet& net, const ImageRows& reference, const ImageRows& test,
             const Options& options)
    : net_(net),
      reference_(net.features_of(reference.rows, reference.name, options.n_threads)),
      test_(net.features_of(test.rows, test.name, options.n_threads)),
      test_name_(test.name),
      options_{.n_classes = net.n_classes(), .seed = options.seed, .n_threads = options.n_threads} {
  if (reference_.n > reference_.d) return;
  const std::string needed = std::to_string(reference_.d + 1);
  throw Error(ErrorCode::kBadData,
              "n = " + std::to_string(reference_.n) + ": a covariance of " +
                  std::to_string(reference_.d) + " features takes at least " + needed +
                  " images of each kind; " +
                  (options.is_n_given ? "give --n " + needed + " or more"
                                      : options.data + " has too few for that"));
}

EvaluatedSet Judge::judge(const std::string& key, const ImageRows& images) const {
  const auto seen = net_.features_of(images.rows, images.name, options_.n_threads);
  const metrics::SeenSet drawn = first_of(seen, seen.n, images.name);
  return {key, images.name,
          metrics::sample_quality(first_of(reference_, seen.n, kReference), drawn, options_),
          metrics::memorisation(first_of(reference_, reference_.n, kReference).features,
                                first_of(test_, test_.n, test_name_).features, drawn.features,
                                options_.n_threads)};
}

EvaluatedSet Judge::judge_test(const std::string& key) const {
  return {key, test_name_,
          metrics::sample_quality(first_of(reference_, test_.n, kReference),
                                  first_of(test_, test_.n, test_name_), options_)};
}

double Judge::fd(const ImageRows& images) const {
  const auto seen = net_.features_of(images.rows, images.name, options_.n_threads);
  return metrics::frechet_distance(first_of(reference_, seen.n, kReference).features,
                                   first_of(seen, seen.n, images.name).features, options_.n_threads)
      .value;
}

}  // namespace ebm::app
