#include "report/page/mode_map.h"

#include <algorithm>

#include "report/json_document.h"
#include "report/page/json_reader.h"

namespace ebm::report {
namespace {

using Document = JsonReader::Json;

constexpr std::size_t kMaxTile = 1000;

ModeMap::Mode mode_of(const JsonReader& reader, const Document& value, const std::string& name) {
  const Document module = reader.require_object(value, name);
  ModeMap::Mode mode{.mass = reader.number_at(module, "mass", name + ".mass"),
                     .energy = reader.number_at(module, "energy", name + ".energy")};
  if (mode.mass < 0.0) reader.refuse(name + ".mass is negative");
  const auto escape = module.find("escape_time");
  if (escape != module.end() && !escape->is_null()) {
    mode.escape_time = reader.require_number(*escape, name + ".escape_time");
  }
  if (module.contains("label")) {
    mode.label = static_cast<std::int64_t>(
        reader.index_at(module, "label", name + ".label", std::size_t{1} << 31));
  }
  return mode;
}

void read_flows(const JsonReader& reader, const Document& document, ModeMap& map) {
  if (!document.contains("flows")) return;
  for (const Document& entry : reader.require_array(document.at("flows"), "flows")) {
    const Document& triple = reader.require_array(entry, "an entry of flows");
    if (triple.size() != 3) reader.refuse("an entry of flows is not [from, to, flow]");
    const double from = reader.require_number(triple[0], "an entry of flows");
    const double to = reader.require_number(triple[1], "an entry of flows");
    const double flow = reader.require_number(triple[2], "an entry of flows");
    const auto shown = static_cast<double>(map.modes.size());
    if (!(from >= 0.0 && to >= 0.0 && flow >= 0.0)) {
      reader.refuse("an entry of flows is negative");
    }
    if (from >= shown || to >= shown) continue;
    map.flows.push_back({static_cast<std::size_t>(from), static_cast<std::size_t>(to), flow});
  }
}

void read_tree(const JsonReader& reader, const Document& document, ModeMap& map) {
  if (!document.contains("tree")) return;
  const Document& tree = reader.require_array(document.at("tree"), "tree");
  // A page has no room for more; a part of a tree would be a different tree.
  if (tree.empty() || tree.size() + 1 > map.modes.size()) return;
  std::vector<bool> joined(2 * tree.size() + 1, false);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const std::string name = "tree[" + std::to_string(i) + "]";
    const Document merge = reader.require_object(tree[i], name);
    const std::size_t end = tree.size() + 1 + i;
    ModeMap::Merge read{.left = reader.index_at(merge, "left", name + ".left", end),
                        .right = reader.index_at(merge, "right", name + ".right", end),
                        .energy = reader.number_at(merge, "energy", name + ".energy")};
    for (const std::size_t side : {read.left, read.right}) {
      if (joined[side]) reader.refuse(name + " joins " + std::to_string(side) + " again");
      joined[side] = true;
    }
    map.tree.push_back(read);
  }
}

}  // namespace

ModeMap parse_mode_map(std::string_view json, const std::filesystem::path& path) {
  Document document = parse_json_object(json, path);
  const JsonReader reader(path.string());
  ModeMap map;
  if (!document.contains("modules")) reader.refuse("has no modules; expected a map of ebm modes");
  const Document& modules = reader.require_array(document.at("modules"), "modules");
  map.n_modes = modules.size();
  for (std::size_t i = 0; i < std::min(modules.size(), ModeMap::kMaxShown); ++i) {
    map.modes.push_back(mode_of(reader, modules[i], "modules[" + std::to_string(i) + "]"));
  }
  if (document.contains("temperature")) {
    map.temperature = reader.number_at(document, "temperature", "temperature");
  }
  read_flows(reader, document, map);
  read_tree(reader, document, map);
  const Document exemplars = reader.take_object(document, "exemplars");
  if (!exemplars.empty()) {
    map.tile_width =
        static_cast<std::int64_t>(reader.index_at(exemplars, "width", "exemplars.width", kMaxTile));
    map.tile_height = static_cast<std::int64_t>(
        reader.index_at(exemplars, "height", "exemplars.height", kMaxTile));
  }
  return map;
}

}  // namespace ebm::report
