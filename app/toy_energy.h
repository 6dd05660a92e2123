#pragma once

#include <memory>
#include <string>
#include <vector>

#include "samplers/energy.h"

namespace ebm::app {

/// The analytic energy that --energy names: toy:NAME[,KEY=VALUE]..., e.g. toy:funnel,dim=10,sd=2.
/// describe_toy_energies lists the names and their keys.
/// @throws Error(kUsage) naming the words, the key, the value found and what would be right.
std::shared_ptr<const samplers::Energy> toy_energy(const std::string& words);

/// The names of the toys, in the order of describe_toy_energies.
const std::vector<std::string>& toy_energy_names();

/// One line a toy for --help: its name, what it is, and its keys with their defaults.
std::string describe_toy_energies();

}  // namespace ebm::app
