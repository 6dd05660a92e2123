#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/train/train_args.h"
#include "base/number_text.h"
#include "data/dataset.h"
#include "evaluation/live_quality.h"
#include "nets/architecture/architecture.h"
#include "training/config_table.h"
#include "training/learner.h"
#include "training/sample_quality.h"
#include "training/training_session.h"

namespace ebm::app {

/// @throws Error(kUsage) if there is no SPEC; what load_dataset throws.
data::Dataset load_training_data(const TrainArgs& args, const std::string& spec);

/// What a train command begins with: settings, data, and what samples are evaluated with.
/// @tparam Options  derived from training::RunOptions, with table(), resolve() and validate()
template <class Options>
struct PreparedRun {
  Options options;
  training::ConfigTable table = options.table();  ///< resolved; its places are those of `options`
  data::Dataset dataset;
  std::optional<evaluation::LiveQuality> quality;  ///< nothing unless eval_budget asks for it

  /// @param look_at  the settings, before data are read
  /// @throws what reading settings, loading data, validate() and open_quality() throw
  explicit PreparedRun(
      const TrainArgs& args,
      const std::function<void(const Options&)>& look_at = [](const auto&) {}) {
    read_settings(args, table);
    look_at(options);
    dataset = load_training_data(args, options.data);
    options.resolve(dataset, table);
    options.validate();
    if (options.evaluations().period == 0) return;
    quality.emplace(training::open_quality(
        options.features, "eval_budget = " + base::number_text(options.eval_budget),
        options.quality(), dataset, args.open_script));
  }
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;
};

/// A network of a run: that of the run folder if the run goes on, else one of the settings.
/// @param file    in the run folder
/// @param name    FILE.toml, or a name for `preset`
/// @param preset  makes what is no FILE.toml
nets::Architecture network_of_run(const TrainArgs& args, const std::string& file,
                                  const std::string& name, const nets::Shape& input,
                                  const std::function<nets::Architecture()>& preset,
                                  nets::Outputs outputs = nets::Outputs::kEnergy);

/// Trains in the run folder, showing how it goes, until an end or a signal; prints what was made.
/// @param files  further ones of the run folder: name, text
/// @return the exit code
/// @throws what training::train() throws
int run_training(const TrainArgs& args, const training::TrainingSession& session);
template <class Options>
int run_training(const TrainArgs& args, const PreparedRun<Options>& run, training::Learner& learner,
                 std::map<std::string, std::string> files = {}) {
  return run_training(args, {.learner = learner,
                             .dataset = run.dataset,
                             .table = run.table,
                             .options = run.options.loop(),
                             .quality = evaluation::reference_to(run.quality),
                             .files = std::move(files),
                             .folder = args.out,
                             .resume = args.resume,
                             .program = EBM_VERSION,
                             .libtorch = args.libtorch});
}

}  // namespace ebm::app
