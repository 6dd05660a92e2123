#pragma once

#include <bit>
#include <cstdint>

namespace ebm::nets {

/// The upper half of a float32, rounded to nearest, ties to even: a number of 8 significant bits
/// with the exponents of float32. NaN stays NaN.
inline std::uint16_t bf16_bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

inline float bf16_rounded(float value) {
  return std::bit_cast<float>(std::uint32_t{bf16_bits(value)} << 16);
}

/// Two numbers as one word, the first in its lower half, in the bits of a float: how weights and
/// activations lie that are multiplied in pairs. It is no number to compute with.
inline float bf16_pair(float first, float second) {
  return std::bit_cast<float>(std::uint32_t{bf16_bits(first)} |
                              (std::uint32_t{bf16_bits(second)} << 16));
}

}  // namespace ebm::nets
