#include "app/train/training_run.h"

#include <torch/version.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <variant>

#include "app/feature_folder.h"
#include "app/train/display.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/stop_signal.h"
#include "models/share_file.h"
#include "samplers/simd/simd_target.h"
#include "torch_nets/feature_net.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;
using End = training::TrainingLoop::End;

/// What a resumed run may change: nothing that its numbers depend on.
bool may_change(const std::string& key) {
  return key == "iterations" || key == "minutes" || key == "threads" || key == "keep_checkpoints";
}

void assign(training::ConfigTable& table, const TrainArgs& words) {
  if (!words.config.empty()) {
    const fs::path config = models::path_or_shipped(words.config, "recipes", ".toml");
    table.read_toml(base::read_file(config), config.string());
  }
  for (const auto& each : words.assignments) table.assign(each);
  for (const auto& each : words.set) table.assign(each);
}

/// The settings of the run that goes on, with what the command line changes.
void read_resumed(const TrainArgs& words, const fs::path& config, training::ConfigTable& table) {
  table.read_toml(base::read_file(config), config.string());
  std::vector<std::string> before;
  for (const auto& key : table.keys()) before.push_back(table.value_text(key));
  assign(table, words);
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

/// What else the bits of a run depend on.
std::string versions(const evaluation::LiveQuality* quality) {
  std::string text = std::string("[versions]\nebm = \"") + EBM_VERSION + "\"\nlibtorch = \"" +
                     TORCH_VERSION + "\"\ncompiler = \"" + __VERSION__ + "\"\nsimd = \"" +
                     samplers::simd_target() + "\"\n";
  if (quality != nullptr) text += "reference = \"" + quality->fingerprint() + "\"\n";
  return text;
}

/// A resumed run is exact with the programs and the processor that it began with.
void warn_of_other_versions(const std::string& config, std::string now,
                            training::TrainObserver& observer) {
  const auto at = config.find("[versions]");
  std::string before = at == std::string::npos ? "" : config.substr(at);
  if (before == now) return;
  std::replace(before.begin(), before.end(), '\n', ' ');
  std::replace(now.begin(), now.end(), '\n', ' ');
  observer.on_warning("the run began with " + before + "and goes on with " + now +
                      "so that its bits may differ");
}

const char* end_word(End end) {
  switch (end) {
    case End::kIterations:
      return "iterations";
    case End::kMinutes:
      return "minutes";
    case End::kSignal:
      return "signal";
  }
  return "";
}

/// "10.0; toys 0.0078125"
std::string defaults_of(const training::ConfigTable::Key& key) {
  std::string text = training::ConfigTable::value_text(key);
  for (const auto& other : key.other_defaults) {
    text += "; " + other.applies_to + " " + training::ConfigTable::value_text(other.value);
  }
  return text;
}

std::string keys_help(const training::ConfigTable& table) {
  std::string text = "Keys of CONFIG.toml and --set, with their defaults:\n";
  for (const auto& key : table.keys()) {
    std::string help = key.help;
    if (const auto* named = std::get_if<training::ConfigTable::Named>(&key.target)) {
      help += " (";
      for (const std::string& name : named->names) help += (help.back() == '(' ? "" : ", ") + name;
      help += ")";
    }
    text += "  " + key.name + ": " + help + " [" + defaults_of(key) + "]\n";
  }
  return text;
}

}  // namespace

void add_training_options(CLI::App& sub, const training::ConfigTable& table,
                          std::span<const std::string_view> flags, const std::string& recipes,
                          TrainArgs& words) {
  sub.add_option("CONFIG", words.config,
                 "TOML file of keys below" + (recipes.empty() ? "" : ", or a recipe: " + recipes));
  sub.add_option("--out", words.out, "run folder")->required();
  // A flag is its key: the table checks it and knows its default.
  for (const auto& key : table.keys()) {
    if (std::find(flags.begin(), flags.end(), key.name) == flags.end()) continue;
    sub.add_option_function<std::string>(
        "--" + key.name,
        [&words, name = key.name](const std::string& value) {
          words.assignments.push_back(name + "=" + value);
        },
        key.help + " [" + defaults_of(key) + "]");
  }
  sub.add_option("--set", words.set, "key=value of a key below; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  sub.add_flag("--resume", words.resume, "go on from the newest checkpoint of --out");
  sub.add_flag("--json", words.json, "print one JSON document at the end");
  sub.footer(keys_help(table));
}

void read_settings(const TrainArgs& words, training::ConfigTable& table) {
  const fs::path config = fs::path(words.out) / "config.toml";
  if (words.resume && !fs::exists(config)) {
    throw Error(ErrorCode::kNoInput, "no run to resume: there is no " + config.string());
  }
  if (!words.resume && fs::exists(config)) {
    throw Error(ErrorCode::kUsage,
                "out = " + words.out + ": holds a run already; add --resume or choose another");
  }
  if (words.resume) {
    read_resumed(words, config, table);
  } else {
    assign(table, words);
  }
}

std::optional<std::string> resumed_file(const TrainArgs& words, const std::string& name) {
  const fs::path path = fs::path(words.out) / name;
  if (!words.resume || !fs::exists(path)) return std::nullopt;
  return base::read_file(path);
}

evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset) {
  if (!dataset.is_image) {
    throw Error(ErrorCode::kUsage, asked_by + ": must be left out, as " + dataset.name +
                                       " holds points, which have no features");
  }
  const data::ItemShape& shape = dataset.shape;
  const fs::path file = features.empty() ? shipped_features(shape) : fs::path(features);
  return {std::make_shared<torch_nets::FeatureNet>(
              torch_nets::open_feature_net(file, {shape.channels, shape.height, shape.width})),
          dataset, options};
}

int run_training(const TrainArgs& words, const TrainingRun& run) {
  const std::atomic<int>& stop = base::catch_stop_signals();
  const training::RunFolder folder(words.out);
  TrainDisplay display(folder, run.dataset,
                       {.iterations = run.options.iterations,
                        .minutes = run.options.minutes,
                        .columns = training::run_figures(run.learner, 0.0)});
  training::TrainingLoop loop(run.options, folder, display, run.learner);
  const std::string now = versions(run.quality);
  if (words.resume) {
    loop.resume();
    warn_of_other_versions(base::read_file(folder.config()), now, display);
    display.on_warning("resumed " + words.out + " from iteration " +
                       std::to_string(run.learner.counters().iteration));
  }
  for (const auto& [name, text] : run.files) {
    base::write_file_atomically(folder.path() / name, text);
  }
  base::write_file_atomically(folder.config(), run.table.to_toml() + "\n" + now);

  const End end = loop.run(stop);
  const std::int64_t iteration = run.learner.counters().iteration;
  if (words.json) {
    nlohmann::json document{{"run", folder.path().string()},
                            {"model", folder.model().string()},
                            {"iteration", iteration},
                            {"end", end_word(end)},
                            {"picture", display.last_picture()}};
    if (display.newest_fd()) document["fd"] = *display.newest_fd();
    std::printf("%s\n", document.dump(1).c_str());
  } else {
    std::printf("%lld iterations made; the model is in %s\n", static_cast<long long>(iteration),
                folder.model().c_str());
  }
  return end == End::kSignal ? base::exit_code_of_signal(stop) : 0;
}

}  // namespace ebm::app
