#pragma once

#include <CLI/CLI.hpp>

#include "app/target/open_target.h"

namespace ebm::app {

/// ebm classify MODEL: an energy with a label as a classifier.
void add_classify_command(CLI::App& app, const Backends& backends);

}  // namespace ebm::app
