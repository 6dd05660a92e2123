#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebm::app {

/// The options of a sampler, as on the command line.
struct SamplerOptions {
  std::optional<std::string> sampler;
  std::string inner;
  std::optional<double> step_size;
  std::optional<double> noise_scale;
  std::optional<double> temperature;
  std::optional<std::vector<double>> box;
  std::string box_rule;
  std::optional<std::int64_t> leapfrog;
  std::optional<double> jitter;
  std::optional<std::int64_t> max_tree_depth;
  std::optional<double> friction;
  std::optional<double> momentum;
  std::vector<double> ladder;
  std::optional<std::int64_t> replicas;
  std::optional<double> max_temperature;
  std::string temperature_schedule;
  std::string step_schedule;
  std::string adapted;
};

/// @param has_own  whether models come with settings of their own, for --help
void add_sampler_options(CLI::App& command, SamplerOptions& options,
                         const char* default_sampler = "langevin", bool has_own = true);

/// The name of the first option of add_sampler_options() on the command line, if any.
std::optional<std::string> given_sampler_option(const CLI::App& command);

}  // namespace ebm::app
