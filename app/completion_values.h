#pragma once

#include <string>

#include "cli/completion.h"

namespace ebm::app {

/// What shells offer as the value of an option, "--sampler", or of an argument, "MODEL". Names of
/// models are those of the installation that prints the script.
/// @param command  its path, "ebm gan train"
cli::OfferedValues offered_values(const std::string& command, const std::string& option);

}  // namespace ebm::app
