#include "app/flow/train.h"

#include <array>
#include <memory>
#include <string_view>

#include "app/train/torch_parts.h"
#include "app/train/training_run.h"
#include "cli/help_text.h"
#include "flow/flow_options.h"
#include "flow/flow_trainer.h"

namespace ebm::app {
namespace {

/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 6> kFlowTrainFlags{"data", "iterations", "minutes",
                                                          "seed", "threads",    "features"};

int run_flow_train(const TrainArgs& args) {
  const training::PreparedRun<flow::FlowOptions> run(args);
  flow::FlowTrainer trainer(run.options, run.dataset, evaluation::reference_to(run.quality));
  return run_training(args, run.session(args, trainer));
}

}  // namespace

void add_flow_train(CLI::App& flow, int& exit_code) {
  auto args = std::make_shared<TrainArgs>();
  set_libtorch(*args);
  CLI::App* sub = flow.add_subcommand("train", "Train a flow by maximum likelihood");
  add_train_args(*sub, flow::FlowOptions().table(), kFlowTrainFlags, {}, *args);
  cli::add_examples(*sub, {"ebm flow train --data fashion-mnist --minutes 60 --out run",
                           "ebm flow train --data toy:8gaussians --iterations 2000 --out run"});
  sub->callback([args, &exit_code] { exit_code = run_flow_train(*args); });
}

}  // namespace ebm::app
