#include "evaluation/classification/classifier_run.h"

#include <algorithm>

#include "base/error.h"
#include "data/batch_source.h"
#include "evaluation/classification/class_labels.h"
#include "metrics/random_subset.h"

namespace ebm::evaluation {
namespace {

/// Draws of random_subset() that nothing else in evaluation/ makes.
enum SubsetDraw : std::uint64_t { kMoved = 2000, kFittedOn };

/// Random items of a set, with their labels for the model.
struct LabelledRows {
  std::vector<float> rows;
  std::vector<std::int32_t> labels;
};

LabelledRows random_items(const NamedData& data, const std::vector<std::int32_t>& labels,
                          std::int64_t n, std::uint64_t seed, SubsetDraw what) {
  const auto items = metrics::random_subset(data.dataset.n, std::min(n, data.dataset.n), seed, what,
                                            metrics::SubsetOf::kReference);
  const data::BatchSource source(data.dataset, {.batch_size = 1});
  const auto dim = static_cast<std::size_t>(source.dim());
  LabelledRows found{.rows = std::vector<float>(items.size() * dim), .labels = {}};
  for (std::size_t i = 0; i < items.size(); ++i) {
    source.fill_range(items[i], 1, std::span(found.rows).subspan(i * dim, dim));
    found.labels.push_back(labels[static_cast<std::size_t>(items[i])]);
  }
  return found;
}

/// Share of items whose own class has the least energy.
double accuracy_of(const std::vector<float>& energies, const std::vector<std::int32_t>& labels) {
  const std::size_t n_classes = energies.size() / labels.size();
  std::int64_t n_right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto first = energies.begin() + static_cast<std::ptrdiff_t>(i * n_classes);
    const auto least = std::min_element(first, first + static_cast<std::ptrdiff_t>(n_classes));
    if (least - first == labels[i]) ++n_right;
  }
  return static_cast<double>(n_right) / static_cast<double>(labels.size());
}

}  // namespace

ClassifierRun run_classifier(const samplers::Energy& energy, const ClassifierRunOptions& options,
                             const NamedData& test, const std::vector<NamedData>& others) {
  const std::int64_t n_classes = options.classes.n_classes;
  ClassifierRun run;
  run.labels = labels_for_model(test.dataset, n_classes, options.class_names, test.name);
  const auto energies_of = [&](const NamedData& data) {
    return class_energies(energy, options.classes, data.dataset, data.name, options.n_threads);
  };
  const auto at_conditions =
      condition_energies(energy, options.classes, test.dataset, test.name, options.n_threads);
  ClassContexts bare = options.classes;
  bare.offsets.clear();
  bare.weights.clear();
  run.accuracy_of_energies = accuracy_of(weighted_energies(at_conditions, bare), run.labels);
  const auto energies = weighted_energies(at_conditions, options.classes);
  run.test = classify(energies, n_classes, run.labels, options.temperature);
  for (const NamedData& other : others) {
    run.others.push_back(detect_other(run.test, energies_of(other), other.name));
  }
  if (options.eps.empty() || options.n_moved < 1) return run;
  const auto moved = random_items(test, run.labels, options.n_moved, options.seed, kMoved);
  run.n_moved = static_cast<std::int64_t>(moved.labels.size());
  run.moved = attack_by_signs(energy, options.classes, moved.rows, moved.labels,
                              {.eps = options.eps,
                               .temperature = options.temperature,
                               .box = options.box,
                               .seed = options.seed,
                               .n_threads = options.n_threads});
  return run;
}

std::optional<ClassFit> fit_classifier(const samplers::Energy& energy,
                                       const ClassifierRunOptions& options, const NamedData& data,
                                       bool with_offsets) {
  const std::int64_t n_classes = options.classes.n_classes;
  const auto labels = labels_for_model(data.dataset, n_classes, options.class_names, data.name);
  const auto some = random_items(data, labels, options.n_fitted, options.seed, kFittedOn);
  const auto at_conditions =
      condition_energies(energy, options.classes, some.rows, data.name, options.n_threads);
  if (with_offsets) return fit_classes(at_conditions, n_classes, some.labels);
  const auto energies = weighted_energies(at_conditions, options.classes);
  const auto temperature = fitted_temperature(energies, n_classes, some.labels);
  if (!temperature) return std::nullopt;
  return ClassFit{.temperature = *temperature, .weights = {}, .offsets = {}};
}

}  // namespace ebm::evaluation
