#include "app/train/training_run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <variant>

#include "app/print.h"
#include "app/read_data.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/process_clock.h"
#include "base/quote.h"
#include "base/stop_signal.h"
#include "evaluation/compiled_features.h"
#include "models/shipped_features.h"
#include "nets/files/architecture_toml.h"
#include "samplers/simd/bf16_unit.h"
#include "training/run_settings.h"
#include "training/train_display.h"

namespace ebm::app {
namespace {
namespace fs = std::filesystem;
using End = training::TrainingLoop::End;

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

/// The share of the fall of the learning rate that is done.
double schedule_done(const training::LoopOptions& options, std::int64_t iteration) {
  if (options.schedule_end <= 0) return 1.0;
  return std::min(1.0, static_cast<double>(iteration) / static_cast<double>(options.schedule_end));
}

/// What multiplies in bfloat16, if the settings ask for that.
std::optional<std::string> bf16_unit_of(const training::ConfigTable& table) {
  for (const auto& key : table.keys()) {
    if (key.name != "precision") continue;
    if (std::get<std::string>(table.present_value(key)) != "bf16") continue;
    return base::name_of<samplers::Bf16Unit>("unit", samplers::kBf16Units, samplers::bf16_unit());
  }
  return std::nullopt;
}

/// What was made, and how to go on.
std::string end_text(End end, const training::LoopOptions& options, std::int64_t iteration,
                     const std::string& model, const std::string& resume) {
  const std::string made = std::to_string(iteration),
                    all = made + " of " + std::to_string(options.iterations) + " iterations";
  const std::string where = "; the model is in " + base::one_line(model) + "\n";
  if (end == End::kIterations) {
    return made + (iteration == 1 ? " iteration" : " iterations") + " made" + where;
  }
  if (end == End::kSignal)
    return "interrupted after " + all + where + "go on with: " + resume + "\n";
  std::string text = "time limit reached after " + all + where;
  const double done = schedule_done(options, iteration);
  if (done < 1.0 && iteration > 0) {
    text += "the learning rate has made " + std::to_string(static_cast<int>(100.0 * done)) +
            " % of its schedule; a run with --iterations " + made + " would make all of it\n";
  }
  return text + "go on with: " + resume + "\n";
}

}  // namespace

evaluation::LiveQuality open_quality(const std::string& features, const std::string& asked_by,
                                     const evaluation::LiveQualityOptions& options,
                                     const data::Dataset& dataset, OpenFeatures open_script) {
  if (!dataset.is_image) {
    throw Error(ErrorCode::kUsage, asked_by + ": must be left out, as " + dataset.name +
                                       " holds points, which have no features");
  }
  const fs::path file =
      features.empty() ? models::shipped_features(dataset.shape) : fs::path(features);
  const nets::Shape shape = input_shape(dataset);
  if (file.extension() == ".pt") return {open_script(file, shape), dataset, options};
  return {std::make_shared<evaluation::CompiledFeatures>(evaluation::read_features(file, shape)),
          dataset, options};
}

data::Dataset load_training_data(const TrainArgs& args, const std::string& spec) {
  if (spec.empty()) throw Error(ErrorCode::kUsage, "data is missing: give --data SPEC");
  const auto is_data = [](const std::string& text) { return text.starts_with("data="); };
  const bool is_given = !args.resume || std::ranges::any_of(args.flags, is_data) ||
                        std::ranges::any_of(args.set, is_data);
  return read_moved_data(!is_given, [&] { return read_data(spec); });
}

nets::Architecture network_of_run(const TrainArgs& args, const std::string& file,
                                  const std::string& name, const nets::Shape& input,
                                  const std::function<nets::Architecture()>& preset,
                                  nets::Outputs outputs) {
  if (const auto saved = args.resumed_file(file)) {
    return nets::architecture_from_toml(*saved, args.out + "/" + file, input, outputs);
  }
  if (name.ends_with(".toml")) {
    return nets::architecture_from_toml(base::read_text_file(name), name, input, outputs);
  }
  return preset();
}

nets::Shape input_shape(const data::Dataset& dataset) {
  return {dataset.shape.channels, dataset.shape.height, dataset.shape.width};
}

int run_training(const TrainArgs& args, const TrainingRun& run) {
  const training::RunFolder folder(args.out);
  // Another process may have made a run there since the settings were read.
  if (!args.resume) training::require_no_run(folder.path());
  training::TrainDisplay display(folder, run.dataset,
                                 {.iterations = run.options.iterations,
                                  .log_every = run.options.log_every,
                                  .minutes = run.options.minutes,
                                  .seconds_before = base::seconds_since_process_start(),
                                  .columns = training::run_figures(run.learner, 0.0)});
  training::LoopOptions options = run.options;
  options.take_save_request = base::take_save_request;
  options.seconds_before = base::seconds_since_process_start();
  training::TrainingLoop loop(options, folder, display, run.learner);
  const auto reference =
      run.quality == nullptr ? std::nullopt : std::optional(run.quality->fingerprint());
  const std::optional<std::string> unit = bf16_unit_of(run.table);
  const std::string now = training::versions_toml({.program = EBM_VERSION,
                                                   .libtorch = args.libtorch,
                                                   .bf16_unit = unit,
                                                   .reference = reference});
  if (unit) display.on_message("precision = bf16: products of bfloat16 by " + *unit);
  if (args.resume) {
    loop.resume();
    const std::int64_t made = run.learner.counters().iteration;
    if (run.options.iterations < made) {
      throw Error(ErrorCode::kUsage, "iterations = " + std::to_string(run.options.iterations) +
                                         ": " + args.out + " has made " + std::to_string(made) +
                                         ", must be at least as many");
    }
    const auto warning = training::warning_of_versions(base::read_file(folder.config()), now);
    if (warning) display.on_warning(*warning);
    display.on_message("resumed " + args.out + " from iteration " +
                       std::to_string(run.learner.counters().iteration));
  }
  for (const auto& [name, text] : run.files) {
    base::write_file_atomically(folder.path() / name, text);
  }
  base::write_file_atomically(folder.config(), run.table.to_toml() + "\n" + now);

  const std::atomic<int>& stop = base::catch_stop_signals_to_save();
  const End end = loop.run(stop);
  display.finish();
  const std::int64_t iteration = run.learner.counters().iteration;
  if (args.json) {
    nlohmann::json document{{"run", folder.path().string()},
                            {"model", folder.model().string()},
                            {"iteration", iteration},
                            {"end", end_word(end)},
                            {"picture", display.last_picture()}};
    if (end == End::kMinutes) document["schedule_done"] = schedule_done(options, iteration);
    if (unit) {
      document["net_precision"] = "bf16";
      document["bf16_unit"] = *unit;
    }
    if (display.newest_fd()) document["fd"] = *display.newest_fd();
    keep_warnings(display.warnings());
    print_json(document);
  } else {
    std::printf("%s", end_text(end, options, iteration, folder.model().string(),
                               args.command + " --resume --out " + base::shell_word(args.out))
                          .c_str());
  }
  return end == End::kSignal ? base::exit_code_of_signal(stop) : 0;
}

}  // namespace ebm::app
