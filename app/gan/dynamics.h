#pragma once

#include "app/command_line.h"

namespace ebm::app {

/// `ebm gan dynamics`: training dynamics of the smallest GANs.
void add_gan_dynamics(CLI::App& gan);

}  // namespace ebm::app
