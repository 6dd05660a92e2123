#include "training/config_table.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/number_text.h"
#include "nets/files/parse_toml.h"
#include "nets/files/toml_text.h"

namespace ebm::training {
namespace {

/// "an integer", or the names of an enumeration.
std::string expected(const ConfigTable::Target& target) {
  if (const auto* named = std::get_if<ConfigTable::Named>(&target)) {
    std::string names;
    for (const std::string& name : named->names) names += (names.empty() ? "" : ", ") + name;
    return "one of " + names;
  }
  constexpr const char* kTypes[] = {"an integer", "a number", "true or false", "a string"};
  return kTypes[target.index()];
}

/// Stores the name if it is one of the enumeration.
bool store_name(const ConfigTable::Named& named, const std::string& name) {
  if (std::find(named.names.begin(), named.names.end(), name) == named.names.end()) return false;
  named.set(name);
  return true;
}

bool store_in(const ConfigTable::Named& named, const toml::node& node) {
  const auto name = node.value<std::string>();
  return name && store_name(named, *name);
}

template <class T>
bool store_in(T* place, const toml::node& node) {
  std::optional<T> value;
  if constexpr (std::is_same_v<T, double>) {
    value = nets::number_of(node);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = nets::string_of(node);
  } else if (node.is<T>()) {
    value = node.value<T>();
  }
  if (value) *place = std::move(*value);
  return value.has_value();
}

/// Stores the value if its type fits.
bool store(const ConfigTable::Target& target, const toml::node& node) {
  return std::visit([&](const auto& place) { return store_in(place, node); }, target);
}

ConfigTable::Value value_in(const ConfigTable::Named& named) { return named.get(); }

template <class T>
ConfigTable::Value value_in(T* place) {
  return *place;
}

/// Stores what stands behind key= on a command line, where a string needs no quotes.
bool store_text(const ConfigTable::Target& target, const std::string& value) {
  if (const auto* named = std::get_if<ConfigTable::Named>(&target))
    return store_name(*named, value);
  if (const auto* text = std::get_if<std::string*>(&target)) {
    **text = value;
    return true;
  }
  try {
    const toml::table table = nets::parse_toml("v = " + value, "");
    return table.size() == 1 && store(target, *table.get("v"));
  } catch (const Error&) {
    return false;
  }
}

/// A value that was found, for messages.
std::string node_text(const toml::node& node) {
  if (const auto* string = node.as_string()) return string->get();
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  return text.str();
}

}  // namespace

void ConfigTable::add_key(Key key) {
  keys_.push_back(std::move(key));
  origins_.push_back(KeyOrigin::kDefault);
}

void ConfigTable::note_other_default(std::string_view name, std::string applies_to, Value value) {
  for (Key& key : keys_) {
    if (key.name != name) continue;
    key.other_defaults.push_back({std::move(applies_to), std::move(value)});
    return;
  }
  throw Error(ErrorCode::kInternal, "no key is called " + std::string(name));
}

void ConfigTable::read_toml(std::string_view text, std::string_view origin, KeyOrigin as) {
  const toml::table table = nets::parse_toml(text, origin);
  for (auto&& [name_node, node] : table) {
    const std::string name(name_node.str());
    if (name == "versions" && node.is_table()) continue;
    const std::string where =
        std::string(origin) + ":" + std::to_string(node.source().begin.line) + ": ";
    std::size_t found = 0;
    while (found < keys_.size() && keys_[found].name != name) ++found;
    if (found == keys_.size()) throw Error(ErrorCode::kBadData, where + unknown_key(name));
    if (!store(keys_[found].target, node)) {
      throw Error(ErrorCode::kBadData, where + name + " = " + node_text(node) + ": must be " +
                                           expected(keys_[found].target));
    }
    origins_[found] = as;
  }
}

std::string ConfigTable::unknown_key(const std::string& name) const {
  std::vector<std::string> known;
  for (const Key& key : keys_) known.push_back(key.name);
  const std::string nearest = base::nearest_name(name, known);
  return "unknown key " + name +
         (nearest.empty() ? "; ebm train --help lists the keys"
                          : "; did you mean " + nearest + "?");
}

void ConfigTable::assign(std::string_view key_and_value) {
  const auto equals = key_and_value.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw Error(ErrorCode::kUsage, "--set " + std::string(key_and_value) + ": must be key=value");
  }
  const std::string name(key_and_value.substr(0, equals));
  const std::string value(key_and_value.substr(equals + 1));
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name != name) continue;
    origins_[i] = KeyOrigin::kArgument;
    if (store_text(keys_[i].target, value)) return;
    throw Error(ErrorCode::kUsage, name + " = " + value + ": must be " + expected(keys_[i].target));
  }
  throw Error(ErrorCode::kUsage, unknown_key(name));
}

KeyOrigin ConfigTable::origin_of(std::string_view name) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name == name) return origins_[i];
  }
  return KeyOrigin::kDefault;
}

ConfigTable::Value ConfigTable::present_value(const Key& key) {
  return std::visit([](const auto& place) { return value_in(place); }, key.target);
}

std::string ConfigTable::value_text(const Key& key) { return value_text(present_value(key)); }

std::string ConfigTable::value_text(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return nets::toml_text(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return nets::toml_text(*text);
  if (const auto* is_on = std::get_if<bool>(&value)) return *is_on ? "true" : "false";
  return std::to_string(std::get<std::int64_t>(value));
}

std::string ConfigTable::plain_text(const Key& key) {
  const Value value = present_value(key);
  if (const auto* real = std::get_if<double>(&value)) return base::number_text(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return value_text(value);
}

void ConfigTable::copy_value(const Key& from, const Key& to) {
  if (from.target.index() != to.target.index()) {
    throw Error(ErrorCode::kInternal, from.name + " and " + to.name + " differ in type");
  }
  const auto copy = [&]<class Place>(const Place& place) {
    if constexpr (std::is_pointer_v<Place>) {
      *place = *std::get<Place>(from.target);
    } else {
      place.set(std::get<Place>(from.target).get());
    }
  };
  std::visit(copy, to.target);
}

std::string ConfigTable::meaning_of(const Key& key) {
  std::string text = key.help;
  if (const auto* named = std::get_if<Named>(&key.target)) {
    std::string names;
    for (const std::string& name : named->names) names += (names.empty() ? "" : ", ") + name;
    text += ": " + names;
  }
  std::string others;
  for (const OtherDefault& other : key.other_defaults) {
    others += (others.empty() ? " [" : ", ") + value_text(other.value) + " for " + other.applies_to;
  }
  return text + (others.empty() ? "" : others + "]");
}

std::string ConfigTable::to_toml() const {
  std::string text;
  for (const Key& key : keys_) text += key.name + " = " + value_text(key) + "\n";
  return text;
}

}  // namespace ebm::training
