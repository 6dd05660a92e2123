#pragma once

#include "app/command_line.h"

namespace ebm::app {

/// `ebm gan duality`: the distance between two data sets by its primal, its duals and by critics.
void add_gan_duality(CLI::App& gan);

}  // namespace ebm::app
