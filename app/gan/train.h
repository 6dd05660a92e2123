#pragma once

#include <CLI/CLI.hpp>

namespace ebm::app {

/// `ebm gan train`.
void add_gan_train(CLI::App& gan, int& exit_code);

}  // namespace ebm::app
