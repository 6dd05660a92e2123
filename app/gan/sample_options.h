#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "evaluation/sampling/sampler_overrides.h"

namespace ebm::app {

/// The options of `ebm gan sample`.
struct GanSampleCommand {
  std::string model;
  std::int64_t n = 64;
  std::int64_t latent_steps = 0;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::string data;
  std::string features;
  std::string out;
  bool json = false;
  evaluation::SamplerOverrides sampler;
  std::optional<std::string> sampler_option;  ///< one that was given, for messages
};

void add_gan_sample_options(CLI::App& sub, GanSampleCommand& command);

}  // namespace ebm::app
