#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "app/hand_over.h"

namespace ebm::app {

/// A command of ebm-torch, as both programs list it.
struct TorchCommand {
  const char* name;
  const char* summary;
};
inline constexpr TorchCommand kGan{"gan", "GANs as energy models: train, sample, analyse"};
inline constexpr TorchCommand kFlow{"flow", "Invertible residual networks with exact densities"};
inline constexpr TorchCommand kFeatures{"features", "Feature networks of images, for FD and KID"};

/// Adds the command to the program that has it.
inline CLI::App* add_command(CLI::App& app, const TorchCommand& command) {
  return app.add_subcommand(command.name, command.summary);
}

/// Adds it to the program without LibTorch, which hands over all of its arguments, --help included.
inline void add_handed_over(CLI::App& app, const TorchCommand& command,
                            const std::function<void()>& hand_over) {
  CLI::App* sub = add_command(app, command);
  if (!is_torch_built()) sub->description(sub->get_description() + " (not in this build)");
  sub->set_help_flag();
  sub->prefix_command();
  sub->callback(hand_over);
}

}  // namespace ebm::app
