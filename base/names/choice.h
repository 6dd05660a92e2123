#pragma once

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"

namespace ebm::base {

/// A value of an enumeration and the name that it has in configurations and on command lines.
template <class E>
struct Choice {
  const char* name;
  E value;
};

/// The names, in order.
template <class E>
std::vector<std::string> name_list(std::span<const Choice<E>> choices) {
  std::vector<std::string> names;
  for (const Choice<E>& choice : choices) names.emplace_back(choice.name);
  return names;
}

/// "a, b, c"
template <class E>
std::string names_of(std::span<const Choice<E>> choices) {
  std::string names;
  for (const Choice<E>& choice : choices)
    names += (names.empty() ? "" : ", ") + std::string(choice.name);
  return names;
}

/// @throws Error(kUsage) naming the key and all names, if no choice has that name.
template <class E>
E value_of(std::string_view key, std::span<const Choice<E>> choices, std::string_view name) {
  for (const Choice<E>& choice : choices) {
    if (name == choice.name) return choice.value;
  }
  throw Error(ErrorCode::kUsage, std::string(key) + " = " + std::string(name) +
                                     ": must be one of " + names_of(choices));
}

/// @throws Error(kUsage) naming the key and all names, if the value is none of the choices.
template <class E>
const char* name_of(std::string_view key, std::type_identity_t<std::span<const Choice<E>>> choices,
                    E value) {
  for (const Choice<E>& choice : choices) {
    if (value == choice.value) return choice.name;
  }
  throw Error(ErrorCode::kUsage, std::string(key) + ": must be one of " + names_of(choices));
}

}  // namespace ebm::base
