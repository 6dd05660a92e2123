#include "app/torch_train_command.h"

#include <torch/version.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/feature_folder.h"
#include "app/share_file.h"
#include "app/stop_signal.h"
#include "app/torch_device.h"
#include "app/torch_train_display.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "data/load_dataset.h"
#include "ebm/live_quality.h"
#include "ebm/trainer.h"
#include "nets/architecture_toml.h"
#include "nets/presets.h"
#include "samplers/simd_target.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;

struct TrainCommand {
  std::string config;
  std::string out;
  bool resume = false;
  bool json = false;
  std::vector<std::string> assignments;  ///< key=value of the flags
  std::vector<std::string> set;          ///< key=value of --set, which come after
};

/// Keys that have a flag of their own.
bool is_flag(const std::string& key) {
  for (const char* flag : {"data", "net", "objective", "iterations", "minutes", "seed", "threads",
                           "device", "backend", "features"}) {
    if (key == flag) return true;
  }
  return false;
}

/// What a resumed run may change: nothing that its numbers depend on.
bool may_change(const std::string& key) {
  return key == "iterations" || key == "minutes" || key == "threads" || key == "keep_checkpoints";
}

void assign(training::ConfigTable& table, const TrainCommand& command) {
  if (!command.config.empty()) {
    const fs::path config = path_or_shipped(command.config, "recipes", ".toml");
    table.read_toml(base::read_file(config), config.string());
  }
  for (const auto& words : command.assignments) table.assign(words);
  for (const auto& words : command.set) table.assign(words);
}

/// The settings of the run that goes on, with what the command line changes.
void read_resumed(const TrainCommand& command, const fs::path& config,
                  training::ConfigTable& table) {
  table.read_toml(base::read_file(config), config.string());
  std::vector<std::string> before;
  for (const auto& key : table.keys()) before.push_back(table.value_text(key));
  assign(table, command);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& key = table.keys()[i];
    if (table.value_text(key) != before[i] && !may_change(key.name)) {
      throw Error(ErrorCode::kUsage, key.name + " = " + table.value_text(key) +
                                         ": the run to resume has " + before[i] +
                                         "; only iterations, minutes, threads and "
                                         "keep_checkpoints may change");
    }
  }
}

nets::Architecture read_architecture(const TrainOptions& options, const data::Dataset& dataset,
                                     const fs::path& saved) {
  const nets::Shape input{dataset.shape.channels, dataset.shape.height, dataset.shape.width};
  if (fs::exists(saved)) {
    return nets::architecture_from_toml(base::read_file(saved), saved.string(), input);
  }
  if (options.net.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_file(options.net), options.net, input);
  }
  return nets::preset(options.net, input);
}

/// What judges samples while training; nothing without a budget for it.
std::optional<LiveQuality> open_quality(const TrainOptions& options, const data::Dataset& dataset) {
  if (options.evaluations().period == 0) return std::nullopt;
  if (!dataset.is_image) {
    throw Error(ErrorCode::kUsage, "eval_budget = " + base::number_text(options.eval_budget) +
                                       ": must be 0 for " + dataset.name +
                                       ", which holds points: these have no features");
  }
  const data::ItemShape& shape = dataset.shape;
  return LiveQuality(
      torch_nets::open_feature_net(
          options.features.empty() ? shipped_features(shape) : fs::path(options.features),
          {shape.channels, shape.height, shape.width}),
      dataset, options.quality());
}

/// What else the bits of a run depend on.
std::string versions(const std::optional<LiveQuality>& quality) {
  std::string text = std::string("[versions]\nebm = \"") + EBM_VERSION + "\"\nlibtorch = \"" +
                     TORCH_VERSION + "\"\ncompiler = \"" + __VERSION__ + "\"\nsimd = \"" +
                     samplers::simd_target() + "\"\n";
  if (quality) text += "reference = \"" + quality->fingerprint() + "\"\n";
  return text;
}

/// A resumed run is exact with the programs and the processor that it began with.
void warn_of_other_versions(const std::string& config, std::string now, TrainObserver& observer) {
  const auto at = config.find("[versions]");
  std::string before = at == std::string::npos ? "" : config.substr(at);
  if (before == now) return;
  std::replace(before.begin(), before.end(), '\n', ' ');
  std::replace(now.begin(), now.end(), '\n', ' ');
  observer.on_warning("the run began with " + before + "and goes on with " + now +
                      "so that its bits may differ");
}

const char* end_word(Trainer::End end) {
  switch (end) {
    case Trainer::End::kIterations:
      return "iterations";
    case Trainer::End::kMinutes:
      return "minutes";
    case Trainer::End::kSignal:
      return "signal";
  }
  return "";
}

int run(const TrainCommand& command) {
  const fs::path out = command.out;
  const fs::path config = out / "config.toml";
  if (command.resume && !fs::exists(config)) {
    throw Error(ErrorCode::kNoInput, "no run to resume: there is no " + config.string());
  }
  if (!command.resume && fs::exists(config)) {
    throw Error(ErrorCode::kUsage,
                "out = " + command.out + ": holds a run already; add --resume or choose another");
  }
  TrainOptions options;
  training::ConfigTable table = options.table();
  if (command.resume) {
    read_resumed(command, config, table);
  } else {
    assign(table, command);
  }
  if (options.data.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const data::Dataset dataset = data::load_dataset(options.data);
  options.resolve(dataset.is_image, table);
  options.validate();
  require_device(options.device);
  const fs::path net_file = out / "net.toml";
  const nets::Architecture architecture =
      read_architecture(options, dataset, command.resume ? net_file : fs::path());
  const std::optional<LiveQuality> quality = open_quality(options, dataset);

  const std::atomic<int>& stop = catch_stop_signals();
  const training::RunFolder folder(out);
  TrainDisplay display(folder, dataset,
                       {.iterations = options.iterations,
                        .minutes = options.minutes,
                        .shows_quality = quality.has_value()});
  Trainer trainer(options, architecture, dataset, folder, display, quality ? &*quality : nullptr);
  if (command.resume) {
    trainer.resume();
    warn_of_other_versions(base::read_file(config), versions(quality), display);
    display.on_warning("resumed " + command.out + " from iteration " +
                       std::to_string(trainer.iteration()));
  }
  base::write_file_atomically(net_file, nets::architecture_to_toml(architecture));
  base::write_file_atomically(folder.config(), table.to_toml() + "\n" + versions(quality));

  const Trainer::End end = trainer.run(stop);
  if (command.json) {
    nlohmann::json document{{"run", folder.path().string()},
                            {"model", folder.model().string()},
                            {"iteration", trainer.iteration()},
                            {"end", end_word(end)},
                            {"picture", display.last_picture()}};
    if (display.newest_fd()) document["fd"] = *display.newest_fd();
    std::printf("%s\n", document.dump(1).c_str());
  } else {
    std::printf("%lld iterations made; the model is in %s\n",
                static_cast<long long>(trainer.iteration()), folder.model().c_str());
  }
  return end == Trainer::End::kSignal ? exit_code_of_signal(stop) : 0;
}

std::string keys_help() {
  TrainOptions defaults;
  const training::ConfigTable table = defaults.table();
  std::string text = "Keys of CONFIG.toml and --set, with their defaults (* differs for toys):\n";
  for (const auto& key : table.keys()) {
    std::string line = "  " + key.name + " = " + table.value_text(key);
    if (line.size() < 38) line.resize(38, ' ');
    text += line + " " + key.help + "\n";
  }
  return text;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<TrainCommand>();
  CLI::App* sub = app.add_subcommand("train", "Train a model on a data set");
  sub->add_option("CONFIG", command->config, "TOML file of keys below, or a recipe: quick");
  sub->add_option("--out", command->out, "run folder")->required();
  // A flag is its key: the table checks it and knows its default.
  TrainOptions defaults;
  const training::ConfigTable table = defaults.table();
  for (const auto& key : table.keys()) {
    if (!is_flag(key.name)) continue;
    sub->add_option_function<std::string>(
        "--" + key.name,
        [command, name = key.name](const std::string& value) {
          command->assignments.push_back(name + "=" + value);
        },
        key.help + " [" + table.value_text(key) + "]");
  }
  sub->add_option("--set", command->set, "key=value of a key below; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  sub->add_flag("--resume", command->resume, "go on from the newest checkpoint of --out");
  sub->add_flag("--json", command->json, "print one JSON document at the end");
  sub->footer(keys_help());
  sub->callback([command, &exit_code] { exit_code = run(*command); });
}

}  // namespace ebm::app
