#include "app/gan/command.h"

#include "app/command_summaries.h"
#include "app/gan/duality.h"
#include "app/gan/dynamics.h"
#include "app/gan/modes.h"
#include "app/gan/sample.h"
#include "app/gan/train.h"

namespace ebm::app {

void add_gan_command(CLI::App& app, int& exit_code) {
  CLI::App* gan = add_command(app, kGan);
  gan->require_subcommand(1);
  add_gan_duality(*gan);
  add_gan_dynamics(*gan);
  add_gan_modes(*gan);
  add_gan_sample(*gan);
  add_gan_train(*gan, exit_code);
}

}  // namespace ebm::app
