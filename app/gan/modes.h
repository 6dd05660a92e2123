#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// `ebm gan modes`.
void add_gan_modes(CLI::App& gan);

}  // namespace ebm::app
