#include "app/train/command.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "app/train/training_run.h"
#include "cli/help_text.h"
#include "ebm/train_options.h"

namespace ebm::app {
namespace {

/// Keys that have a flag of their own.
constexpr std::array<std::string_view, 11> kTrainFlags{
    "data",    "net",    "objective", "iterations", "minutes", "seed",
    "threads", "device", "backend",   "precision",  "features"};

int run_train(TrainArgs& args, const TorchParts* torch,
              const std::function<void(const std::string& setting)>& hand_over) {
  int exit_code = 0;
  run_energy_training(args, torch, hand_over, [&](const training::TrainingSession& session) {
    exit_code = run_training(args, session);
  });
  return exit_code;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code, const TorchParts* torch,
                       const std::function<void(const std::string& setting)>& hand_over) {
  auto args = std::make_shared<TrainArgs>();
  if (torch != nullptr) args->open_script = torch->open_script;
  CLI::App* sub = app.add_subcommand("train", "Train an energy-based model on a data set");
  add_train_args(*sub, TrainOptions().table(), kTrainFlags, energy_recipes(), *args);
  cli::add_examples(*sub,
                    {"ebm train quick --data fashion-mnist --out run",
                     "ebm train --data images:photos#size=32 --net igebm32 --minutes 60 --out run",
                     "ebm train --resume --out run"});
  sub->callback([=, &exit_code] { exit_code = run_train(*args, torch, hand_over); });
}

}  // namespace ebm::app
