#include "nets/files/model_part.h"

#include <utility>

namespace ebm::nets {
namespace {

template <class Map>
void add_entries(const std::string& prefix, const Map& from, Map& to) {
  for (const auto& [name, value] : from) to.emplace(prefix + name, value);
}

template <class Map>
Map take_entries(const std::string& prefix, Map& from) {
  Map taken;
  for (auto it = from.lower_bound(prefix); it != from.end() && it->first.starts_with(prefix);) {
    taken.emplace(it->first.substr(prefix.size()), std::move(it->second));
    it = from.erase(it);
  }
  return taken;
}

}  // namespace

void add_part(const std::string& part, const SafetensorsFile& file, SafetensorsFile& model) {
  add_entries(part + ".", file.tensors, model.tensors);
  add_entries(part + ".", file.metadata, model.metadata);
}

std::optional<SafetensorsFile> take_part(const std::string& part, SafetensorsFile& model) {
  SafetensorsFile file{.tensors = take_entries(part + ".", model.tensors),
                       .metadata = take_entries(part + ".", model.metadata)};
  if (file.tensors.empty() && file.metadata.empty()) return std::nullopt;
  return file;
}

}  // namespace ebm::nets
