#pragma once

#include <concepts>
#include <span>

namespace ebm::nets {

/// Items of a network, and what its energy is conditioned on: of an unconditional one the items
/// alone, which is what a span or a vector of them becomes.
struct Rows {
  template <std::convertible_to<std::span<const float>> Values>
  Rows(const Values& items,  // NOLINT(google-explicit-constructor)
       std::span<const float> conditions = {})
      : x(items), context(conditions) {}

  std::span<const float> x;        ///< [n, dim]
  std::span<const float> context;  ///< [n, context_dim], empty if unconditional
};

}  // namespace ebm::nets
