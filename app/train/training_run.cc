#include "app/train/training_run.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/print.h"
#include "app/read_data.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/process_clock.h"
#include "base/quote.h"
#include "base/stop_signal.h"
#include "nets/files/architecture_toml.h"
#include "training/session_report.h"

namespace ebm::app {
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
