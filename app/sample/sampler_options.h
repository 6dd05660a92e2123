#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "evaluation/sampling/sampler_overrides.h"

namespace ebm::app {

/// Steps before the first draw.
struct BurnIn {
  std::optional<std::int64_t> given;
  bool adapts = false;  ///< step size and mass

  std::int64_t steps() const { return given.value_or(adapts ? 1000 : 0); }
};

/// Adds --burn-in and --adapt, which mean the same in every command.
void add_burn_in(CLI::App& command, BurnIn& burn_in, const std::string& group);

/// Adds the options of a sampler, which mean the same in every command.
/// @param has_own  whether models come with settings of their own, for --help
void add_sampler_options(CLI::App& command, evaluation::SamplerOverrides& options,
                         const char* default_sampler = "langevin", bool has_own = true);

/// The name of the first option of add_sampler_options() on the command line, if any.
std::optional<std::string> given_sampler_option(const CLI::App& command);

}  // namespace ebm::app
