#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// `ebm gan sample`.
void add_gan_sample(CLI::App& gan);

}  // namespace ebm::app
