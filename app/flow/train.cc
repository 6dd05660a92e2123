#include "app/flow/train.h"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "app/train/training_run.h"
#include "base/error.h"
#include "base/number_text.h"
#include "data/load_dataset.h"
#include "flow/flow_options.h"
#include "flow/flow_trainer.h"

namespace ebm::app {
namespace {

/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 6> kFlowTrainFlags{"data", "iterations", "minutes",
                                                          "seed", "threads",    "features"};

int run_flow_train(const TrainArgs& words) {
  flow::FlowOptions options;
  training::ConfigTable table = options.table();
  read_settings(words, table);
  if (options.data.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const data::Dataset dataset = data::load_dataset(options.data);
  options.resolve(dataset, table);
  options.validate();
  std::optional<evaluation::LiveQuality> quality;
  if (options.evaluations().period > 0) {
    quality =
        open_quality(options.features, "eval_budget = " + base::number_text(options.eval_budget),
                     options.quality(), dataset);
  }
  flow::FlowTrainer trainer(options, dataset, quality ? &*quality : nullptr);
  return run_training(words, {.learner = trainer,
                              .table = table,
                              .options = options.loop(),
                              .dataset = dataset,
                              .quality = quality ? &*quality : nullptr,
                              .files = {}});
}

}  // namespace

void add_flow_train(CLI::App& flow, int& exit_code) {
  auto words = std::make_shared<TrainArgs>();
  CLI::App* sub = flow.add_subcommand("train", "Learn a flow by the likelihood of a data set");
  flow::FlowOptions defaults;
  add_training_options(*sub, defaults.table(), kFlowTrainFlags, "", *words);
  sub->callback([words, &exit_code] { exit_code = run_flow_train(*words); });
}

}  // namespace ebm::app
