#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/number_text.h"
#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "training/config_table.h"
#include "training/learner.h"
#include "training/runs/run_request.h"
#include "training/sample_quality.h"
#include "training/training_session.h"

namespace ebm::training {

/// What a run begins with: settings, data, and what samples are evaluated with.
/// @tparam Options  derived from RunOptions, with table(), resolve() and validate()
template <class Options>
struct PreparedRun {
  Options options;
  ConfigTable table = options.table();  ///< resolved; its places are those of `options`
  data::Dataset dataset;
  std::optional<evaluation::LiveQuality> quality;  ///< nothing unless eval_budget asks for it

  /// @param look_at  the settings, before data are read
  /// @throws what reading settings, loading data, validate() and open_quality() throw
  explicit PreparedRun(
      const RunRequest& request,
      const std::function<void(const Options&)>& look_at = [](const auto&) {}) {
    read_settings(request, table);
    look_at(options);
    dataset = load_training_data(request, options.data);
    options.resolve(dataset, table);
    options.validate();
    if (options.evaluations().period == 0) return;
    quality.emplace(open_quality(options.features,
                                 "eval_budget = " + base::number_text(options.eval_budget),
                                 options.quality(), dataset, request.open_script, request.share));
  }
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  /// Training of a learner in the run's folder.
  /// @param files  further ones of the run folder: name, text
  TrainingSession session(const RunRequest& request, Learner& learner,
                          std::map<std::string, std::string> files = {}) const {
    return {.learner = learner,
            .dataset = dataset,
            .table = table,
            .options = options.loop(),
            .quality = evaluation::reference_to(quality),
            .files = std::move(files),
            .folder = request.out,
            .resume = request.resume,
            .program = request.program,
            .libtorch = request.libtorch};
  }
};

}  // namespace ebm::training
