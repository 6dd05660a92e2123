#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "nets/architecture/precision.h"

namespace ebm::evaluation {

/// Where chains ran: the SIMD target, and of a network in bfloat16 what multiplied, "AVX3_ZEN4,
/// bf16 by AVX512_BF16".
std::string arithmetic_text(std::optional<nets::Precision> precision);

/// Adds "simd", of compiled networks "net_precision", and in bfloat16 "bf16_unit". In documents of
/// `ebm eval` "precision" is that of samples.
void add_arithmetic(std::optional<nets::Precision> precision, nlohmann::json& document);

}  // namespace ebm::evaluation
