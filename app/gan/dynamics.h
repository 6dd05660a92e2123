#pragma once

#include "app/command_line.h"

namespace ebm::app {

/// `ebm gan dynamics`: how training games move, on the smallest of them.
void add_gan_dynamics(CLI::App& gan);

}  // namespace ebm::app
