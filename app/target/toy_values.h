#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/target/toy_arguments.h"

namespace ebm::app {

/// A key of a toy energy: what it takes, and what it is where it is not given.
struct ToyKey {
  enum class Kind { kNumber, kInteger, kText };

  std::string name;
  Kind kind = Kind::kNumber;
  double preset = 0.0;  ///< of numbers
  double least = 0.0, most = 0.0;
  std::string form;       ///< of a text, as FILE.npy
  bool required = false;  ///< of a text; others are empty where they are not given
};

/// Numbers that a float holds without losing digits when squared.
ToyKey positive_key(std::string name, double preset);
ToyKey number_key(std::string name, double preset, double least, double most);
ToyKey integer_key(std::string name, double preset, double least, double most);
ToyKey text_key(std::string name, std::string form, bool required = false);

/// "sd=X", "dim=D" or "mean=FILE.npy".
std::string usage(const ToyKey& key);

/// The values of a toy's keys.
class ToyValues {
 public:
  /// @throws Error(kUsage) naming the key, what was found and what would be right
  ToyValues(const std::vector<ToyKey>& keys, const ToyArguments& toy);

  bool is_given(const std::string& name) const { return given_.contains(name); }
  float number(const std::string& name) const { return static_cast<float>(numbers_.at(name)); }
  std::int64_t integer(const std::string& name) const {
    return static_cast<std::int64_t>(numbers_.at(name));
  }
  /// Empty if it was not given.
  const std::string& text(const std::string& name) const;
  /// Keys that another one replaces. @throws Error(kUsage) if one of them is given
  void require_not_given(const std::vector<std::string>& names, const std::string& with) const;

 private:
  std::map<std::string, double> numbers_;
  std::map<std::string, std::string> given_;
};

}  // namespace ebm::app
