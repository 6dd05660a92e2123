#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ebm::cli {

enum class Shell { kBash, kZsh, kFish };

/// A script by which the shell completes the commands and options of `app`.
std::string completion_script(Shell shell, const CLI::App& app);

}  // namespace ebm::cli
