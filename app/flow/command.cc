#include "app/flow/command.h"

#include "app/command_summaries.h"
#include "app/flow/invert.h"
#include "app/flow/sample.h"
#include "app/flow/score.h"
#include "app/flow/train.h"

namespace ebm::app {

void add_flow_command(CLI::App& app, int& exit_code) {
  CLI::App* flow = add_command(app, kFlow);
  flow->require_subcommand(1);
  add_flow_invert(*flow);
  add_flow_sample(*flow);
  add_flow_score(*flow);
  add_flow_train(*flow, exit_code);
}

}  // namespace ebm::app
