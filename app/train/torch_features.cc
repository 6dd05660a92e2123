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
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printed.h"
#include "base/require.h"
#include "cli/help_text.h"
#include "data/class_label.h"
#include "data/data_split.h"
#include "nets/architecture/classifier_presets.h"
#include "nets/files/feature_file.h"
#include "report/output_file.h"
#include "report/progress.h"
#include "torch_nets/classifier.h"
#include "torch_nets/feature_scale.h"

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

std::int64_t n_classes_of(const data::Dataset& dataset) {
  if (dataset.labels.empty()) {
    throw Error(ErrorCode::kBadData, dataset.name + " has no labels; a classifier needs them");
  }
  const std::int64_t n = data::n_classes(dataset);
  if (n >= 2 && n <= 1000) return n;
  throw Error(ErrorCode::kBadData, dataset.name + " has " + std::to_string(n) +
                                       " classes; a classifier needs 2 to 1000");
}

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
  const torch_nets::ClassifierOptions options{.epochs = command.epochs,
                                              .seed = static_cast<std::uint64_t>(command.seed),
                                              .n_threads = resolve_threads(command.threads)};
  options.validate();
  const data::Dataset dataset = read_data(command.data);
  const auto test = data::test_split_beside(command.data);
  nets::FeatureFile file;
  file.architecture = nets::classifier_preset(
      {dataset.shape.channels, dataset.shape.height, dataset.shape.width}, n_classes_of(dataset));
  file.feature_layers = nets::penultimate_layers(file.architecture);
  file.data = dataset.name;
  file.seed = options.seed;
  file.epochs = options.epochs;

  const auto start = std::chrono::steady_clock::now();
  report::Progress bar("features");
  const torch_nets::TorchNet net =
      torch_nets::train_classifier(file.architecture, dataset, options,
                                   [&](const auto& progress) { show(bar, progress, start); });
  bar.finish();
  torch_nets::scale_features(net, dataset, options.n_threads);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double train_accuracy = torch_nets::accuracy_of(net, dataset, options.n_threads);
  // Without a test split the only accuracy there is is said to be that of the training split.
  file.test_accuracy =
      test ? torch_nets::accuracy_of(net, *test, options.n_threads) : train_accuracy;
  file.accuracy_split = test ? "test" : "training";
  file.weights.tensors = net.to_tensor_data();
  nets::write_safetensors(command.out, nets::to_safetensors(file));
  const std::string crc32 = nets::read_feature_file(command.out).crc32;

  if (command.json) {
    nlohmann::json document{{"out", command.out},
                            {"data", file.data},
                            {"net", file.architecture.name},
                            {"parameters", nets::n_parameters(file.architecture)},
                            {"layer", file.layer_text()},
                            {"seed", command.seed},
                            {"epochs", command.epochs},
                            {"train_accuracy", train_accuracy},
                            {"crc32", crc32},
                            {"seconds", seconds}};
    if (test) document["test_accuracy"] = file.test_accuracy;
    print_json(document);
    return;
  }
  print("%s, %lld parameters, trained on %s in %.1f s: accuracy %.2f %% of the training",
        file.architecture.name.c_str(),
        static_cast<long long>(nets::n_parameters(file.architecture)), file.data.c_str(), seconds,
        100.0 * train_accuracy);
  if (test) print(", %.2f %% of the test", 100.0 * file.test_accuracy);
  print(" split\nfeatures: %s, in %s (crc32 %s)\n", file.layer_text().c_str(), command.out.c_str(),
        crc32.c_str());
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
