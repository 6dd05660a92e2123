#include "evaluation/report/precision_text.h"

#include <nlohmann/json.hpp>

#include "samplers/simd/bf16_unit.h"
#include "samplers/simd/simd_target.h"

namespace ebm::evaluation {
namespace {

std::string unit_name() {
  return base::name_of<samplers::Bf16Unit>("unit", samplers::kBf16Units, samplers::bf16_unit());
}

}  // namespace

std::string arithmetic_text(std::optional<nets::Precision> precision) {
  const bool is_bf16 = precision == nets::Precision::kBfloat16;
  return samplers::simd_target() + (is_bf16 ? ", bf16 by " + unit_name() : "");
}

void add_arithmetic(std::optional<nets::Precision> precision, nlohmann::json& document) {
  document["simd"] = samplers::simd_target();
  if (!precision) return;
  document["net_precision"] =
      base::name_of<nets::Precision>("precision", nets::kPrecisions, *precision);
  if (precision == nets::Precision::kBfloat16) document["bf16_unit"] = unit_name();
}

}  // namespace ebm::evaluation
