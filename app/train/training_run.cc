#include "app/train/training_run.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "app/print.h"
#include "base/process_clock.h"
#include "base/quote.h"
#include "base/stop_signal.h"
#include "training/session_report.h"

namespace ebm::app {
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
