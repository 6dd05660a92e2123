#include "training/data_learner.h"

#include <utility>

#include "base/error.h"
#include "base/require.h"
#include "base/system/cpu_limit.h"
#include "base/system/memory_limit.h"
#include "training/data_fingerprint.h"

namespace ebm::training {
namespace {

constexpr std::int64_t kPreviewItems = 64;

}  // namespace

nets::Shape input_shape(const data::Dataset& dataset) {
  return {dataset.shape.channels, dataset.shape.height, dataset.shape.width};
}

DataLearner::DataLearner(const RunOptions& options, const EvaluationSchedule& evaluations,
                         const data::Dataset& dataset, evaluation::QualityReference quality)
    : run_options_(options), dataset_(dataset), quality_(quality), guard_(options.guard()) {
  if (evaluations.period > 0 && !quality_) {
    throw Error(ErrorCode::kUsage, "eval_budget: needs a quality that evaluates samples");
  }
  base::require_threads(n_threads());
  // Items and samples; what a network makes of them comes on top.
  base::require_memory({.option = "batch_size",
                        .value = options.batch_size,
                        .what = "items of " + std::to_string(dataset.shape.size()) + " values",
                        .each = 8.0 * static_cast<double>(dataset.shape.size())});
  counters_.data_fingerprint = fingerprint(dataset);
}

base::RandomKey DataLearner::key(base::Domain domain) const {
  return {static_cast<std::uint64_t>(run_options_.seed), domain, counters_.generation()};
}

void DataLearner::prepare() {
  batches_.emplace(dataset_, run_options_.batches(counters_.generation()));
}

std::function<void()> DataLearner::remember() {
  return [this, counters = counters_, guard = guard_, recall_model = remember_model()] {
    recall_model();
    counters_ = counters;
    guard_ = guard;
  };
}

std::function<void()> DataLearner::remember_model() {
  return [this, files = model_state()] { restore_model_state(files, "the iteration before"); };
}

bool DataLearner::evaluate(const std::atomic<int>& stop, TrainObserver& /*observer*/) {
  const auto rows = draw_samples(base::Domain::kEvaluation, quality().n(), stop);
  if (!rows) return false;
  fd_ = quality().distance_of(*rows, "samples", stop);
  return fd_.has_value();
}

void DataLearner::show_samples(TrainObserver& observer) const {
  // Points of a plane need more of them to show a density, and cost less.
  const std::int64_t n = dataset_.is_image ? kPreviewItems : kPreviewItems * kPreviewItems;
  const std::atomic<int> never{0};
  const auto rows = draw_samples(base::Domain::kPreview, n, never);
  observer.on_samples(counters_.iteration, {.from = sample_source(), .rows = *rows});
}

nets::UnwrittenFiles DataLearner::to_files(bool scheduled) const {
  nets::UnwrittenFiles files;
  for (auto& [name, bytes] : model_state()) files.emplace(name, std::move(bytes));
  add_kept(files);
  files.emplace("state.json", state_json(counters_, guard_, scheduled));
  return files;
}

void DataLearner::restore(const nets::CheckpointFiles& files, const std::string& origin) {
  restore_state(files, origin, counters_, guard_);
  restore_model_state(files, origin);
}

void DataLearner::start_afresh() {
  counters_ = {.data_fingerprint = counters_.data_fingerprint};
  guard_.restore({});
  reset_model_state();
}

}  // namespace ebm::training
