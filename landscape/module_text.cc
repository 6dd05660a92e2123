#include "landscape/module_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/printed.h"

namespace ebm::landscape {
namespace {

std::int64_t n_nodes_in(const ModuleTree& module) {
  auto n = static_cast<std::int64_t>(module.nodes.size());
  for (const ModuleTree& part : module.parts) n += n_nodes_in(part);
  return n;
}

/// @param above  path of the module that these are parts of, "2:"
std::string lines_below(const std::string& above, const std::vector<ModuleTree>& modules,
                        const std::vector<std::string>& names) {
  constexpr std::size_t kMaxNames = 8;
  std::string text;
  for (std::size_t m = 0; m < modules.size(); ++m) {
    const ModuleTree& module = modules[m];
    const std::string path = above + std::to_string(m + 1);
    std::string shown;
    for (std::size_t k = 0; k < std::min(module.nodes.size(), kMaxNames); ++k) {
      shown += " " + names[static_cast<std::size_t>(module.nodes[k])];
    }
    if (module.nodes.size() > kMaxNames) shown += " ...";
    text += base::printed("%-12s %8lld nodes  visits %.6f  exit %.6f %s\n", path.c_str(),
                          static_cast<long long>(n_nodes_in(module)), module.visits, module.exit,
                          shown.c_str());
    text += lines_below(path + ":", module.parts, names);
  }
  return text;
}

}  // namespace

nlohmann::json modules_json(const std::vector<ModuleTree>& modules,
                            const std::vector<std::string>& names) {
  nlohmann::json all = nlohmann::json::array();
  for (const ModuleTree& module : modules) {
    nlohmann::json each{{"visits", module.visits}, {"exit", module.exit}};
    if (module.parts.empty()) {
      each["nodes"] = nlohmann::json::array();
      for (const std::int64_t node : module.nodes) {
        each["nodes"].push_back(names[static_cast<std::size_t>(node)]);
      }
    } else {
      each["modules"] = modules_json(module.parts, names);
    }
    all.push_back(std::move(each));
  }
  return all;
}

std::string modules_text(const std::vector<ModuleTree>& modules,
                         const std::vector<std::string>& names) {
  return lines_below("", modules, names);
}

nlohmann::json graph_modules_json(const GraphModules& found) {
  const auto n_nodes = static_cast<std::int64_t>(found.names.size());
  std::vector<ModuleTree> modules = found.hierarchy.modules;
  for (std::int64_t node = found.n_linked; node < n_nodes; ++node) {
    modules.push_back({.visits = 0.0, .exit = 0.0, .parts = {}, .nodes = {node}});
  }
  return {{"n_nodes", n_nodes},
          {"one_level_codelength", found.one_level_codelength},
          {"codelength", found.hierarchy.codelength},
          {"n_levels", found.hierarchy.n_levels},
          {"modules", modules_json(modules, found.names)}};
}

std::string graph_modules_text(const GraphModules& found) {
  const double codelength = found.hierarchy.codelength;
  std::string text =
      base::printed("codelength %.9f bits per step in %lld levels; %.9f in one", codelength,
                    static_cast<long long>(found.hierarchy.n_levels), found.one_level_codelength);
  // A walk that never leaves its node needs no code.
  if (codelength > 0.0) {
    text +=
        base::printed(", %.2f %% more", 100.0 * (found.one_level_codelength / codelength - 1.0));
  }
  text += "\n" + modules_text(found.hierarchy.modules, found.names);
  const auto n_alone = static_cast<std::int64_t>(found.names.size()) - found.n_linked;
  if (n_alone == 0) return text;
  return text + base::printed("%lld nodes without links, each by itself\n",
                              static_cast<long long>(n_alone));
}

}  // namespace ebm::landscape
