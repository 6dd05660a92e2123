#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace ebm::app {

/// Adds `ebm help`, `ebm completion` and `ebm man`, which describe the commands of `app`.
/// @param hand_over  if not null, starts the program that has all commands, or returns if there is
///                   none
void add_manual_commands(CLI::App& app, const std::function<void()>& hand_over);

}  // namespace ebm::app
