#include "gan/mode_coverage.h"

#include <limits>
#include <vector>

#include "base/error.h"
#include "data/batch_source.h"
#include "data/spec.h"
#include "data/toys.h"
#include "evaluation/open_features.h"
#include "metrics/class_histogram.h"
#include "metrics/mode_count.h"
#include "torch_nets/torch_script_features.h"

namespace ebm::gan {
namespace {

/// 3 standard deviations of a mode.
constexpr double kRadius = 3.0;

std::vector<float> rows_of(const data::Dataset& dataset) {
  const data::BatchSource source(dataset, {.batch_size = 1});
  std::vector<float> rows(static_cast<std::size_t>(dataset.n * source.dim()));
  source.fill_range(0, dataset.n, rows);
  return rows;
}

}  // namespace

ModeCoverage coverage_of_toy(const data::Dataset& samples, const std::string& spec) {
  const data::DataSpec toy = data::parse_spec(spec);
  const auto known = toy.scheme == data::Scheme::kToy ? data::toy_modes(toy.target) : std::nullopt;
  if (!known) {
    throw Error(
        ErrorCode::kUsage,
        "data = " + spec + ": must be toy:8gaussians or toy:25gaussians, whose modes are known");
  }
  const auto n_modes = static_cast<std::int64_t>(known->centres.size() / 2);
  const auto rows = rows_of(samples);
  const metrics::ModeCount found =
      metrics::count_modes({rows, samples.n, samples.shape.size(), samples.name},
                           {known->centres, n_modes, 2, spec}, kRadius * known->sd);
  ModeCoverage modes{
      .n = samples.n, .n_found = found.n_found, .n_modes = n_modes, .good = found.good};
  std::vector<std::int64_t> labels;
  for (std::size_t k = 0; k < found.counts.size(); ++k) {
    labels.insert(labels.end(), static_cast<std::size_t>(found.counts[k]),
                  static_cast<std::int64_t>(k));
  }
  modes.kl = labels.empty() ? std::numeric_limits<double>::quiet_NaN()
                            : metrics::class_histogram(labels, n_modes).kl_divergence;
  return modes;
}

ModeCoverage coverage_by_classifier(const data::Dataset& samples, const std::string& file,
                                    int n_threads) {
  if (samples.shape.channels > 3) {
    throw Error(ErrorCode::kBadData, samples.name + ": has " +
                                         std::to_string(samples.shape.channels) +
                                         " channels; images have 1 or 3");
  }
  const auto net = evaluation::open_features(file, {1, samples.shape.height, samples.shape.width},
                                             torch_nets::torch_script_features);
  if (net->n_classes() == 0) throw Error(ErrorCode::kBadData, file + ": is no classifier");
  const auto rows = rows_of(samples);
  const auto seen = net->features_of(rows, samples.name, n_threads);
  const std::int64_t channels = samples.shape.channels;
  ModeCoverage modes{.n = samples.n, .n_found = 0, .n_modes = 1, .good = std::nullopt};
  for (std::int64_t c = 0; c < channels; ++c) modes.n_modes *= net->n_classes();
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < samples.n; ++i) {
    std::int64_t label = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      label = label * net->n_classes() + seen.classes[static_cast<std::size_t>(i * channels + c)];
    }
    labels.push_back(label);
  }
  const auto histogram = metrics::class_histogram(labels, modes.n_modes);
  modes.n_found = modes.n_modes - histogram.n_missing;
  modes.kl = histogram.kl_divergence;
  return modes;
}

}  // namespace ebm::gan
