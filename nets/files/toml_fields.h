#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "nets/architecture/suggestion.h"
#include "nets/files/parse_toml.h"

namespace ebm::nets {

/// Where in the text a value is, for messages.
struct TomlPlace {
  std::string_view origin;
  std::string path;  ///< of the layer; empty at the top

  [[noreturn]] void fail(const toml::source_region& source, const std::string& problem,
                         ErrorCode code = ErrorCode::kBadData) const {
    throw Error(code, std::string(origin) + ":" + std::to_string(source.begin.line) + ": " +
                          (path.empty() ? "" : path + ": ") + problem);
  }
};

/// "a table", "a list", "text" ...
inline std::string toml_kind(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (node.is_string()) return "text";
  if (node.is_integer()) return "an integer";
  if (node.is_floating_point()) return "a fraction";
  if (node.is_boolean()) return "a boolean";
  return "a date or time";
}

/// One table, every key of which has to be asked for or named in `known`.
class TomlFields {
 public:
  TomlFields(const toml::table& table, TomlPlace place, const std::vector<std::string>& known)
      : table_(table), place_(std::move(place)) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        place_.fail(node.source(),
                    "unknown key " + base::quote(key.str()) + "; " + suggestion(key.str(), known));
      }
    }
  }

  const toml::node* find(const char* key) const { return table_.get(key); }

  const toml::node& require(const char* key) const {
    const toml::node* node = find(key);
    if (node == nullptr) place_.fail(table_.source(), std::string("missing key \"") + key + "\"");
    return *node;
  }

  std::int64_t integer(const char* key, std::int64_t least) const {
    return to_integer(require(key), key, least);
  }
  std::int64_t integer(const char* key, std::int64_t least, std::int64_t otherwise) const {
    const toml::node* node = find(key);
    return node == nullptr ? otherwise : to_integer(*node, key, least);
  }

  /// An integer that stands for all of N, or a list of N.
  template <std::size_t N>
  std::array<std::int64_t, N> integers(const toml::node& node, const char* key, std::int64_t least,
                                       const char* meaning) const {
    std::array<std::int64_t, N> values{};
    const toml::array* list = node.as_array();
    if (list == nullptr && !node.is_integer()) {
      mistyped(node, key, std::string("an integer or ") + meaning);
    }
    if (list != nullptr && list->size() != N) {
      place_.fail(node.source(), std::string(key) + " has " + std::to_string(list->size()) +
                                     " entries, must be an integer or " + meaning);
    }
    for (std::size_t i = 0; i < N; ++i) {
      values[i] = to_integer(list == nullptr ? node : *list->get(i), key, least);
    }
    return values;
  }

  double number(const char* key, double otherwise) const {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    const std::optional<double> value = number_of(*node);
    if (!value) mistyped(*node, key, "a number");
    if (!std::isfinite(*value)) {
      place_.fail(node->source(), std::string(key) + " is not finite, must be a finite number");
    }
    return *value;
  }

  bool boolean(const char* key, bool otherwise) const {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    if (!node->is_boolean()) mistyped(*node, key, "true or false");
    return *node->value<bool>();
  }

  [[noreturn]] void mistyped(const toml::node& node, const char* key,
                             const std::string& right) const {
    place_.fail(node.source(), std::string(key) + " is " + toml_kind(node) + ", must be " + right);
  }

  const TomlPlace& place() const { return place_; }

 private:
  std::int64_t to_integer(const toml::node& node, const char* key, std::int64_t least) const {
    if (!node.is_integer()) mistyped(node, key, "an integer");
    const std::int64_t value = *node.value<std::int64_t>();
    if (value < least) {
      place_.fail(node.source(), std::string(key) + " is " + std::to_string(value) +
                                     ", must be at least " + std::to_string(least));
    }
    return value;
  }

  const toml::table& table_;
  TomlPlace place_;
};

}  // namespace ebm::nets
