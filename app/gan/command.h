#pragma once

#include "app/command_line.h"

namespace ebm::app {

/// `ebm gan ...`: GANs as energy models.
void add_gan_command(CLI::App& app, int& exit_code);

}  // namespace ebm::app
