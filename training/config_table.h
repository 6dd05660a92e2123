#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ebm::training {

/// The keys of a configuration: name, place of the value, what it means. TOML files, --set and the
/// resolved config.toml of a run folder all go through one table, so that a key is known everywhere
/// or nowhere.
class ConfigTable {
 public:
  using Target = std::variant<std::int64_t*, double*, bool*, std::string*>;
  struct Key {
    std::string name;
    Target target;
    std::string help;
  };

  /// `target` holds the default and outlives the table.
  void add(std::string name, Target target, std::string help);

  /// Reads `key = value` lines; a table [versions] is skipped, as config.toml records them there.
  /// @param origin  names the text in messages
  /// @throws Error(kBadData) naming origin, line, key and what would be right: text that is not
  ///         TOML, an unknown key (with the nearest known one), a value of another type.
  void read_toml(std::string_view text, std::string_view origin);

  /// Sets one key from the words `key=value` of a command line. A string needs no quotes there.
  /// @throws Error(kUsage) as above.
  void assign(std::string_view key_and_value);

  /// Whether read_toml or assign has set the key.
  bool is_set(std::string_view name) const;
  const std::vector<Key>& keys() const { return keys_; }
  /// The value as TOML text.
  std::string value_text(const Key& key) const;
  /// Every key with its present value, in the order of add().
  std::string to_toml() const;

 private:
  std::string unknown_key(const std::string& name) const;

  std::vector<Key> keys_;
  std::vector<bool> set_;
};

}  // namespace ebm::training
