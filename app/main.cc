// ebm: everything that needs no LibTorch, which costs half a second at every start. Other commands
// are handed over to ebm-torch.

#include <string>
#include <utility>

#include "app/bench/command.h"
#include "app/command_line.h"
#include "app/hand_over.h"
#include "app/help_text.h"
#include "app/inspect/data_command.h"
#include "app/inspect/modes_command.h"
#include "app/inspect/report_command.h"
#include "app/sample/command.h"
#include "app/sample/logz_command.h"
#include "app/sample/score_command.h"

int main(int argc, char** argv) {
  CLI::App app("Energy-based models: train them on images, draw samples, measure", "ebm");
  app.formatter(ebm::app::make_help_formatter());
  app.set_version_flag("--version", EBM_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  const auto hand_over = [argv] { ebm::app::hand_over_to_torch(argv); };
  ebm::app::add_bench_command(app, exit_code, nullptr, hand_over);
  ebm::app::add_data_command(app);
  const ebm::app::Backends backends{nullptr, hand_over};
  ebm::app::add_sample_command(app, backends);
  ebm::app::add_logz_command(app, backends);
  ebm::app::add_score_command(app, backends);
  ebm::app::add_modes_command(app, backends);
  ebm::app::add_report_command(app);
  // ebm-torch parses the words of these, --help included.
  for (const auto& [name, what] :
       {std::pair{"train", "Train a model on a data set"},
        std::pair{"eval", "Evaluate a model or samples: FD, KID, coverage, AUROC, log-likelihood"},
        std::pair{"features", "Networks that give features of images"},
        std::pair{"flow", "Invertible residual networks: exact densities"},
        std::pair{"gan", "GANs as energy models"}}) {
    CLI::App* command = app.add_subcommand(name, what);
    command->set_help_flag();
    command->prefix_command();
    command->callback(hand_over);
  }
  return ebm::app::run_command_line(app, argc, argv, exit_code);
}
