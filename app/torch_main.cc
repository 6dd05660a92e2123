// ebm-torch: all commands, those that need LibTorch included. People type `ebm`, which starts it.

#include <cstdio>
#include <cstdlib>

#include "app/bench/command.h"
#include "app/command_line.h"
#include "app/eval/classify_command.h"
#include "app/eval/command.h"
#include "app/flow/command.h"
#include "app/gan/command.h"
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
#include "app/target/torch_model.h"
#include "app/train/command.h"
#include "app/train/torch_features.h"
#include "app/train/torch_parts.h"
#include "base/system/thread_waiting.h"
#include "flow/open_flow.h"
#include "torch_nets/torch_script_features.h"

int main(int argc, char** argv) {
  using namespace ebm::app;
  ebm::base::let_waiting_threads_sleep(argv);
  CLI::App app;
  set_up_program(app);
  int exit_code = 0;
  const Backends backends{open_torch_model, nullptr, ebm::flow::open_flow_energy,
                          ebm::torch_nets::torch_script_features};
  add_train_command(app, exit_code, &torch_parts(), nullptr);
  add_sample_command(app, backends);
  add_restore_command(app, backends);
  add_score_command(app, backends);
  add_logz_command(app, backends);
  add_eval_command(app, backends);
  add_interpolate_command(app, backends);
  add_classify_command(app, backends);
  add_modes_command(app, backends);
  add_gan_command(app, exit_code);
  add_flow_command(app, exit_code);
  add_features_command(app);
  add_import_command(app);
  add_data_command(app);
  add_report_command(app);
  add_bench_command(app, torch_net_energy, nullptr);
  add_manual_commands(app, nullptr);
  const int code = run_command_line(app, argc, argv, exit_code);
#ifdef __SANITIZE_ADDRESS__
  return code;  // leaks are looked for at an orderly exit
#else
  // LibTorch would take back its thousands of operators one by one, for a tenth of a second.
  std::fflush(nullptr);
  std::quick_exit(code);
#endif
}
