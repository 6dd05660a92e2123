// ebm-torch: the commands that need LibTorch. People type `ebm`, which starts it.

#include "app/bench/command.h"
#include "app/command_line.h"
#include "app/eval/torch_command.h"
#include "app/flow/command.h"
#include "app/flow/data.h"
#include "app/gan/command.h"
#include "app/help_text.h"
#include "app/inspect/modes_command.h"
#include "app/sample/command.h"
#include "app/sample/logz_command.h"
#include "app/sample/score_command.h"
#include "app/target/torch_model.h"
#include "app/train/command.h"
#include "app/train/features.h"

int main(int argc, char** argv) {
  CLI::App app("Energy-based models: train them on images, draw samples, measure", "ebm");
  app.formatter(ebm::app::make_help_formatter());
  app.require_subcommand(1);
  int exit_code = 0;
  ebm::app::add_train_command(app, exit_code);
  const ebm::app::Backends backends{ebm::app::open_torch_model, nullptr,
                                    ebm::app::open_flow_target};
  ebm::app::add_bench_command(app, exit_code, ebm::app::torch_net_energy, nullptr);
  ebm::app::add_score_command(app, backends);
  ebm::app::add_sample_command(app, backends);
  ebm::app::add_logz_command(app, backends);
  ebm::app::add_modes_command(app, backends);
  ebm::app::add_eval_command(app);
  ebm::app::add_features_command(app);
  ebm::app::add_flow_command(app, exit_code);
  ebm::app::add_gan_command(app, exit_code);
  return ebm::app::run_command_line(app, argc, argv, exit_code);
}
