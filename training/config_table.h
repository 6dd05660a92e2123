#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/names/choice.h"

namespace ebm::training {

/// What gave a key the value that it has.
enum class KeyOrigin {
  kDefault,   ///< nothing
  kRun,       ///< the record of a run that goes on, which has every key
  kFile,      ///< a configuration file
  kArgument,  ///< an argument of a command line
};

/// The keys of a configuration: name, place of the value, what it means. TOML files, --set and the
/// resolved config.toml of a run folder all go through one table, so that a key is known everywhere
/// or nowhere. Values of an enumeration are strings there, and nowhere else.
class ConfigTable {
 public:
  /// The place of a value of an enumeration, by the names of its values.
  struct Named {
    std::vector<std::string> names;
    std::function<std::string()> get;
    std::function<void(const std::string& name)> set;  ///< one of `names`
  };
  using Target = std::variant<std::int64_t*, double*, bool*, std::string*, Named>;
  using Value = std::variant<std::int64_t, double, bool, std::string>;
  /// A default that takes the place of a key's own in some runs.
  struct OtherDefault {
    std::string applies_to;  ///< "toys", say
    Value value;
  };
  struct Key {
    std::string name;
    Target target;
    std::string help;
    std::vector<OtherDefault> other_defaults;
  };

  /// @param target  holds the default and outlives the table
  /// @param help    fits a line of help: at most 60 characters
  template <class T>
  void add(std::string name, T* target, std::string help) {
    add_key({std::move(name), target, std::move(help), {}});
  }
  /// The same for a value of an enumeration.
  /// @param choices  outlive the table
  template <class E>
  void add(std::string name, E* target,
           std::type_identity_t<std::span<const base::Choice<E>>> choices, std::string help) {
    Named named{
        .names = base::name_list(choices),
        .get = [name, target, choices] { return base::name_of(name, choices, *target); },
        .set = [name, target, choices](
                   const std::string& word) { *target = base::value_of(name, choices, word); }};
    add_key({std::move(name), std::move(named), std::move(help), {}});
  }
  /// Notes for the help that some runs have another default, which their options apply.
  /// @throws Error(kInternal) if there is no such key
  void note_other_default(std::string_view name, std::string applies_to, Value value);

  /// Reads `key = value` lines; a table [versions] is skipped, as config.toml records them there.
  /// @param origin  names the text in messages
  /// @param as      what the text is
  /// @throws Error(kBadData) naming origin, line, key and what would be right: text that is not
  ///         TOML, an unknown key (with the nearest known one), a value of another type or a name
  ///         that is none of the key's.
  void read_toml(std::string_view text, std::string_view origin, KeyOrigin as = KeyOrigin::kFile);
  /// Sets one key from an argument `key=value` of a command line. A string needs no quotes there.
  /// @throws Error(kUsage) as above.
  void assign(std::string_view key_and_value);
  /// What has set the key last; kDefault for one that the table lacks.
  KeyOrigin origin_of(std::string_view name) const;
  /// Whether read_toml or assign has set the key.
  bool is_set(std::string_view name) const { return origin_of(name) != KeyOrigin::kDefault; }

  const std::vector<Key>& keys() const { return keys_; }
  static Value present_value(const Key& key);
  /// The value as TOML text.
  static std::string value_text(const Key& key);
  static std::string value_text(const Value& value);
  /// The value for a message: a string without quotes, a number to six digits.
  static std::string plain_text(const Key& key);
  /// Gives `to` the value of `from`, a key of the same type.
  static void copy_value(const Key& from, const Key& to);
  /// What a key means and takes, for help: "penalty: none, l1 [0.1 for toys]".
  static std::string meaning_of(const Key& key);
  /// Every key with its present value, in the order of add().
  std::string to_toml() const;

 private:
  void add_key(Key key);
  std::string unknown_key(const std::string& name) const;

  std::vector<Key> keys_;
  std::vector<KeyOrigin> origins_;  // of each key
};

}  // namespace ebm::training
