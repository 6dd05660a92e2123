#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "landscape/graph_modules.h"
#include "landscape/module_tree.h"

namespace ebm::landscape {

/// The key "modules" of `ebm modes --graph --json`: each with "visits", "exit", and "modules" or
/// the names of its "nodes".
/// @param names  of the nodes
nlohmann::json modules_json(const std::vector<ModuleTree>& modules,
                            const std::vector<std::string>& names);

/// One line for each module, its parts below it: "2:1", number of nodes, visits, exit, and its
/// first names.
std::string modules_text(const std::vector<ModuleTree>& modules,
                         const std::vector<std::string>& names);

/// What `ebm modes --graph` finds, as one document: each node without links is a module by itself.
nlohmann::json graph_modules_json(const GraphModules& found);
/// The same as lines for a person.
std::string graph_modules_text(const GraphModules& found);

}  // namespace ebm::landscape
