#include "training/config_table.h"

#include <toml++/toml.h>

#include <charconv>
#include <sstream>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "base/nearest_name.h"
#include "base/quote.h"

namespace ebm::training {
namespace {

const char* type_words(const ConfigTable::Target& target) {
  constexpr const char* kWords[] = {"an integer", "a number", "true or false", "a string"};
  return kWords[target.index()];
}

/// Stores the value if its type fits; a whole number fits a real one.
bool store(const ConfigTable::Target& target, const toml::node& node) {
  return std::visit(
      [&](auto* place) {
        using T = std::remove_pointer_t<decltype(place)>;
        if constexpr (std::is_same_v<T, double>) {
          if (!node.is_number()) return false;
        } else {
          if (!node.is<T>()) return false;
        }
        *place = *node.value<T>();
        return true;
      },
      target);
}

/// The shortest decimal that reads back as the same bits; toml++ writes 17 digits.
std::string shortest(double value) {
  char buffer[32];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string node_text(const toml::node& node) {
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  return text.str();
}

}  // namespace

void ConfigTable::add(std::string name, Target target, std::string help) {
  keys_.push_back({std::move(name), target, std::move(help)});
  set_.push_back(false);
}

void ConfigTable::read_toml(std::string_view text, std::string_view origin) {
  toml::table table;
  try {
    table = toml::parse(text, origin);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kBadData, std::string(origin) + ":" +
                                         std::to_string(error.source().begin.line) + ": " +
                                         std::string(error.description()));
  }
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
                                           type_words(keys_[found].target));
    }
    set_[found] = true;
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
    set_[i] = true;
    if (auto* text = std::get_if<std::string*>(&keys_[i].target)) {
      **text = value;
      return;
    }
    bool stored = false;
    try {
      const toml::table table = toml::parse("v = " + value);
      stored = table.size() == 1 && store(keys_[i].target, *table.get("v"));
    } catch (const toml::parse_error&) {
      stored = false;
    }
    if (stored) return;
    const bool one_line = value.find('\n') == std::string::npos;
    throw Error(ErrorCode::kUsage, name + " = " + (one_line ? value : base::quote(value)) +
                                       ": must be " + type_words(keys_[i].target));
  }
  throw Error(ErrorCode::kUsage, unknown_key(name));
}

bool ConfigTable::is_set(std::string_view name) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name == name) return set_[i];
  }
  return false;
}

std::string ConfigTable::value_text(const Key& key) const {
  if (const auto* real = std::get_if<double*>(&key.target)) return shortest(**real);
  std::ostringstream text;
  std::visit([&](const auto* place) { text << toml::value{*place}; }, key.target);
  return text.str();
}

std::string ConfigTable::to_toml() const {
  std::string text;
  for (const Key& key : keys_) text += key.name + " = " + value_text(key) + "\n";
  return text;
}

}  // namespace ebm::training
