#pragma once

#include <optional>
#include <vector>

#include "base/names/choice.h"

namespace ebm::samplers {

/// What multiplies numbers in bfloat16 (networks in precision bf16). All units make the same
/// products of the same operands; the order in which they sum them up differs, and so do last bits.
enum class Bf16Unit {
  kAmxBf16,     ///< tiles of AMX, with AVX512_BF16 for what they do not suit
  kAvx512Bf16,  ///< vdpbf16ps on registers of 512 bits
  kF32,         ///< float32 on the SIMD target, operands rounded: for any machine
};

inline constexpr base::Choice<Bf16Unit> kBf16Units[] = {{"AMX_BF16", Bf16Unit::kAmxBf16},
                                                        {"AVX512_BF16", Bf16Unit::kAvx512Bf16},
                                                        {"F32", Bf16Unit::kF32}};

/// What processor and kernel give, best first; the last one is F32.
std::vector<Bf16Unit> runnable_bf16_units();

/// The unit that networks are compiled for from now on: the one forced, or the best one where the
/// SIMD target is AVX3 or better, and F32 on lesser targets, which stand for machines without.
Bf16Unit bf16_unit();

/// Forces a runnable unit, or none.
void force_bf16_unit(std::optional<Bf16Unit> unit);

}  // namespace ebm::samplers
