// ebm: the commands that need no LibTorch, which costs half a second at every start. The others are
// handed over to ebm-torch.

#include "app/bench/command.h"
#include "app/command_line.h"
#include "app/command_summaries.h"
#include "app/eval/classify_command.h"
#include "app/eval/command.h"
#include "app/hand_over.h"
#include "app/import/command.h"
#include "app/inspect/data_command.h"
#include "app/inspect/interpolate_command.h"
#include "app/inspect/modes_command.h"
#include "app/inspect/report_command.h"
#include "app/manual_commands.h"
#include "app/restore/command.h"
#include "app/sample/command.h"
#include "app/sample/logz_command.h"
#include "app/sample/score_command.h"
#include "app/train/command.h"
#include "base/system/thread_waiting.h"

namespace ebm::app {
namespace {

int run_ebm(int argc, char** argv) {
  base::let_waiting_threads_sleep(argv);
  CLI::App app;
  set_up_program(app);
  int exit_code = 0;
  const auto hand_over = [argv] { hand_over_to_torch(argv); };
  const Backends backends{nullptr, hand_over};
  add_train_command(app, exit_code, nullptr,
                    [argv](const std::string& what) { hand_over_to_torch(argv, what); });
  add_sample_command(app, backends);
  add_restore_command(app, backends);
  add_score_command(app, backends);
  add_logz_command(app, backends);
  add_eval_command(app, backends);
  add_interpolate_command(app, backends);
  add_classify_command(app, backends);
  add_modes_command(app, backends);
  add_handed_over(app, kGan, hand_over);
  add_handed_over(app, kFlow, hand_over);
  add_handed_over(app, kFeatures, hand_over);
  add_import_command(app);
  add_data_command(app);
  add_report_command(app);
  add_bench_command(app, nullptr, hand_over);
  add_manual_commands(app, [argv] {
    if (is_torch_built()) hand_over_to_torch(argv);
  });
  return run_command_line(app, argc, argv, exit_code);
}

}  // namespace
}  // namespace ebm::app

int main(int argc, char** argv) { return ebm::app::run_ebm(argc, argv); }
