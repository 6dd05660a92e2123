#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace ebm::cli {

enum class Shell { kBash, kZsh, kFish };

/// What may stand as the value of an option or argument.
struct OfferedValues {
  std::vector<std::string> values = {};  ///< of letters, digits and -_.:
  bool or_file = true;
};
/// The values of an option by its name, "--sampler", or of an argument, "MODEL".
using ValuesOf =
    std::function<OfferedValues(const std::string& command, const std::string& option)>;

/// A script by which the shell completes the commands, options and values of `app`.
/// @param values_of  by the path of the command, "ebm gan train"; empty: all values are files
std::string completion_script(Shell shell, const CLI::App& app, const ValuesOf& values_of = {});

}  // namespace ebm::cli
