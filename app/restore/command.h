#pragma once

#include <CLI/CLI.hpp>

#include "app/target/open_target.h"

namespace ebm::app {

/// `ebm restore`: images from what was observed of them.
void add_restore_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
