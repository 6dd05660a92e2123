#include "app/torch_gan_command.h"

#include "app/torch_gan_duality.h"
#include "app/torch_gan_dynamics.h"

namespace ebm::app {

void add_gan_command(CLI::App& app) {
  CLI::App* gan = app.add_subcommand("gan", "GANs as energy models");
  gan->require_subcommand(1);
  add_gan_duality(*gan);
  add_gan_dynamics(*gan);
}

}  // namespace ebm::app
