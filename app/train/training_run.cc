#include "app/train/training_run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

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
#include "training/session_report.h"

namespace ebm::app {
namespace fs = std::filesystem;

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

int run_training(const TrainArgs& args, const training::TrainingSession& session) {
  training::TrainingSession timed = session;
  timed.options.take_save_request = base::take_save_request;
  timed.options.seconds_before = base::seconds_since_process_start();
  const std::atomic<int>* stop = nullptr;
  const training::TrainingResult result = training::train(timed, [&]() -> const std::atomic<int>& {
    stop = &base::catch_stop_signals_to_save();
    return *stop;
  });
  if (args.json) {
    keep_warnings(result.warnings);
    print_json(training::session_json(result));
  } else {
    const std::string resume = args.command + " --resume --out " + base::shell_word(args.out);
    std::printf("%s", training::session_text(result, resume).c_str());
  }
  const bool is_stopped = result.end == training::TrainingLoop::End::kSignal;
  return is_stopped ? base::exit_code_of_signal(*stop) : 0;
}

}  // namespace ebm::app
