#include "nets/model_base.h"

#include <string>
#include <string_view>
#include <utility>

namespace ebm::nets {
namespace {

constexpr std::string_view kPrefix = "base.";

template <class Map>
void add_entries(const Map& from, Map& to) {
  for (const auto& [name, value] : from) to.emplace(std::string(kPrefix) + name, value);
}

template <class Map>
Map take_entries(Map& from) {
  Map taken;
  for (auto it = from.lower_bound(kPrefix); it != from.end() && it->first.starts_with(kPrefix);) {
    taken.emplace(it->first.substr(kPrefix.size()), std::move(it->second));
    it = from.erase(it);
  }
  return taken;
}

}  // namespace

void add_base(const SafetensorsFile& base, SafetensorsFile& model) {
  add_entries(base.tensors, model.tensors);
  add_entries(base.metadata, model.metadata);
}

std::optional<SafetensorsFile> take_base(SafetensorsFile& model) {
  SafetensorsFile base{.tensors = take_entries(model.tensors),
                       .metadata = take_entries(model.metadata)};
  if (base.tensors.empty() && base.metadata.empty()) return std::nullopt;
  return base;
}

}  // namespace ebm::nets
