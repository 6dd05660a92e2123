#include "app/train/torch_features.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/command_summaries.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/printed.h"
#include "base/require.h"
#include "cli/help_text.h"
#include "data/data_split.h"
#include "nets/files/feature_file.h"
#include "report/output_file.h"
#include "report/progress.h"
#include "torch_nets/feature_training.h"

namespace ebm::app {
namespace {

struct FeaturesTrainCommand {
  std::string data;
  std::string out;
  std::int64_t seed = 0;
  std::int64_t epochs = torch_nets::ClassifierOptions{}.epochs;
  std::int64_t threads = 0;
  bool json = false;
};

void show(report::Progress& bar, const torch_nets::ClassifierProgress& progress,
          std::chrono::steady_clock::time_point start) {
  if (!bar.is_due() && progress.iteration < progress.n_iterations) return;
  const double done =
      static_cast<double>(progress.iteration) / static_cast<double>(progress.n_iterations);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto text = [](const char* format, double value) { return base::printed(format, value); };
  const report::ProgressField fields[] = {
      {"it", std::to_string(progress.iteration) + "/" + std::to_string(progress.n_iterations)},
      {"loss", text("%.3f", progress.loss)},
      {"accuracy", text("%.3f", progress.accuracy)}};
  bar.update(done, fields, seconds * (1.0 - done) / done);
}

void run(const FeaturesTrainCommand& command) {
  base::require_at_least("seed", command.seed, 0);
  report::require_output(command.out, {report::OutputKind::kSafetensors});
  const int n_threads = resolve_threads(command.threads);
  const torch_nets::ClassifierOptions options{.epochs = command.epochs,
                                              .seed = static_cast<std::uint64_t>(command.seed),
                                              .n_threads = n_threads};
  options.validate();
  const data::Dataset dataset = read_data(command.data);
  const auto test = data::test_split_beside(command.data);
  const auto start = std::chrono::steady_clock::now();
  report::Progress bar("features");
  torch_nets::TrainedFeatures trained = torch_nets::train_features(
      dataset, test, options, [&](const auto& progress) { show(bar, progress, start); });
  bar.finish();
  nets::write_safetensors(command.out, nets::to_safetensors(trained.file));
  trained.file.origin = command.out;
  trained.file.crc32 = nets::read_feature_file(command.out).crc32;
  if (command.json) return print_json(torch_nets::trained_features_json(trained));
  std::printf("%s", torch_nets::trained_features_text(trained).c_str());
}

}  // namespace

void add_features_command(CLI::App& app) {
  auto command = std::make_shared<FeaturesTrainCommand>();
  CLI::App* sub = add_command(app, kFeatures);
  sub->require_subcommand(1);
  CLI::App* train = sub->add_subcommand(
      "train", "Train a small classifier whose penultimate activations are features");
  train->add_option("--data", command->data, "labelled images, 1x28x28 or 3x32x32")
      ->type_name("SPEC")
      ->required();
  train->add_option("--out", command->out, "FILE.safetensors")->type_name("FILE")->required();
  train->add_option("--epochs", command->epochs, "passes through the data")->capture_default_str();
  add_seed(*train, command->seed);
  add_threads(*train, command->threads);
  add_json(*train, command->json);
  cli::add_examples(*train,
                    {"ebm features train --data cifar10:FOLDER --out features.safetensors"});
  train->callback([command] { run(*command); });
}

}  // namespace ebm::app
