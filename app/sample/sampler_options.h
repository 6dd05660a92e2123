#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "evaluation/sampling/sampler_overrides.h"

namespace ebm::app {

/// Adds the options of a sampler, which mean the same in every command.
/// @param has_own  whether models come with settings of their own, for --help
void add_sampler_options(CLI::App& command, evaluation::SamplerOverrides& options,
                         const char* default_sampler = "langevin", bool has_own = true);

/// The name of the first option of add_sampler_options() on the command line, if any.
std::optional<std::string> given_sampler_option(const CLI::App& command);

}  // namespace ebm::app
