#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/expression/expression.h"
#include "samplers/energy.h"

namespace ebm::models {

/// The analytic energy of a spec: toy:NAME[,KEY=VALUE]..., e.g. toy:funnel,dim=10,sd=2, one made of
/// others, toy:tempered(rings),temperature=3, or several, toy:gaussian + 0.5*toy:rings
/// (models/expression/expression.h). describe_toy_energies lists the names and their keys.
/// @throws Error(kUsage) naming the spec, the key, the value found and what would be right; what
///         data::read_npy throws, and Error(kBadData) for a file that does not fit
std::shared_ptr<const samplers::Energy> toy_energy(const std::string& spec);
/// The same of a spec that was read, without the weight before it.
std::shared_ptr<const samplers::Energy> toy_energy(const Expression& expression);

/// The names of the energies that are not made of others.
std::vector<std::string> toy_energy_names();

/// Text for --help: the names, a summary of each, and its keys with their defaults.
std::string describe_toy_energies();

}  // namespace ebm::models
