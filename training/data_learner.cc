#include "training/data_learner.h"

#include <memory>
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

Remembered DataLearner::remember() {
  RememberedModel model = remember_model();
  Remembered remembered{
      [this, counters = counters_, guard = guard_, recall_model = std::move(model.go_back)] {
        recall_model();
        counters_ = counters;
        guard_ = guard;
      }};
  if (!model.files) return remembered;
  remembered.files = [counters = counters_, guard = guard_,
                      files_of_model = std::move(model.files)](bool scheduled, double seconds) {
    nets::UnwrittenFiles files = files_of_model();
    RunCounters now = counters;
    now.seconds += seconds;
    files.emplace("state.json", state_json(now, guard, scheduled));
    return files;
  };
  return remembered;
}

DataLearner::RememberedModel DataLearner::remember_model() {
  const auto files = std::make_shared<const nets::CheckpointFiles>(model_state());
  return {[this, files] { restore_model_state(*files, "the iteration before"); },
          [files] { return nets::views_of(*files); }};
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
