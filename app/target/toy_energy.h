#pragma once

#include <memory>
#include <string>

#include "samplers/energy.h"

namespace ebm::app {

/// The analytic energy that --energy names: toy:NAME[,KEY=VALUE]..., e.g. toy:funnel,dim=10,sd=2,
/// or one made of others, toy:sum(2*gaussian;tempered(rings),temperature=3). describe_toy_energies
/// lists the names and their keys.
/// @throws Error(kUsage) naming the words, the key, the value found and what would be right; what
///         data::read_npy throws, and Error(kBadData) for a file that does not fit
std::shared_ptr<const samplers::Energy> toy_energy(const std::string& words);

/// The names for --help, what each is, and its keys with their defaults.
std::string describe_toy_energies();

}  // namespace ebm::app
