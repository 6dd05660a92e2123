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

}  // namespace ebm::landscape
