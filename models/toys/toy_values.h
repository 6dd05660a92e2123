#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/require.h"
#include "models/expression/expression.h"

namespace ebm::models {

/// A key of a toy energy: the values it takes, and its default.
struct ToyKey {
  enum class Kind { kNumber, kInteger, kText };

  std::string name;
  Kind kind = Kind::kNumber;
  double default_value = 0.0;  ///< of a number
  double min = 0.0, max = 0.0;
  std::string form;       ///< of a text, as FILE.npy
  bool required = false;  ///< of a text; the default of other texts is empty
};

/// Numbers that a float holds without losing digits when squared.
ToyKey positive_key(std::string name, double default_value);
ToyKey number_key(std::string name, double default_value, double min, double max);
ToyKey integer_key(std::string name, double default_value, double min, double max);
ToyKey text_key(std::string name, std::string form, bool required = false);

/// "sd=X", "dim=D" or "mean=FILE.npy".
std::string usage(const ToyKey& key);

/// The values of a toy's keys.
class ToyValues {
 public:
  /// @throws Error(kUsage) naming the key, what was found and what would be right
  ToyValues(const std::vector<ToyKey>& keys, const Expression& toy);

  bool is_given(const std::string& name) const { return given_.contains(name); }
  float number(const std::string& name) const { return base::to_float(name, numbers_.at(name)); }
  std::int64_t integer(const std::string& name) const {
    return static_cast<std::int64_t>(numbers_.at(name));
  }
  /// Empty if it is not given.
  const std::string& text(const std::string& name) const;
  /// For keys that the key `with` replaces. @throws Error(kUsage) if one of them is given
  void require_not_given(const std::vector<std::string>& names, const std::string& with) const;

 private:
  std::map<std::string, double> numbers_;
  std::map<std::string, std::string> given_;
};

}  // namespace ebm::models
