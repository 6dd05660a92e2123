#include "samplers/simd/simd_target.h"

#include <hwy/highway.h>
#include <hwy/targets.h>

#include <cstdlib>
#include <optional>
#include <sstream>

#include "base/error.h"
#include "samplers/simd/bf16_unit.h"

namespace ebm::samplers {

std::vector<std::int64_t> runnable_targets() {
  std::vector<std::int64_t> targets;
  const std::int64_t mask = hwy::SupportedTargets() & HWY_TARGETS;
  // Bits 61 and 62 are plain C++; 63 would make a mask negative.
  for (std::int64_t bit = 0; bit < 63; ++bit) {
    if ((mask & (std::int64_t{1} << bit)) != 0) targets.push_back(std::int64_t{1} << bit);
  }
  return targets;
}

namespace {

std::optional<std::int64_t> target_of(const std::string& name) {
  for (const std::int64_t target : runnable_targets()) {
    if (name == hwy::TargetName(target)) return target;
  }
  return std::nullopt;
}

std::optional<Bf16Unit> unit_of(const std::string& name) {
  for (const Bf16Unit unit : runnable_bf16_units()) {
    if (name == base::name_of<Bf16Unit>("unit", kBf16Units, unit)) return unit;
  }
  return std::nullopt;
}

std::string target_names() {
  std::string names;
  for (const std::int64_t target : runnable_targets()) {
    names += (names.empty() ? "" : ", ") + std::string(hwy::TargetName(target));
  }
  return names;
}

std::string unit_names() {
  std::string names;
  for (const Bf16Unit unit : runnable_bf16_units()) {
    names += (names.empty() ? "" : ", ") +
             std::string(base::name_of<Bf16Unit>("unit", kBf16Units, unit));
  }
  return names;
}

}  // namespace

std::string simd_target() { return hwy::TargetName(runnable_targets().front()); }

void apply_simd_override() {
  const char* wanted = std::getenv("EBM_SIMD");
  if (wanted == nullptr || *wanted == '\0') return;
  std::optional<std::int64_t> target;
  std::optional<Bf16Unit> unit;
  std::istringstream names(std::string(wanted) + ",");
  for (std::string name; std::getline(names, name, ',');) {
    const auto new_target = target ? std::nullopt : target_of(name);
    const auto new_unit = unit ? std::nullopt : unit_of(name);
    if (!new_target && !new_unit) {
      throw Error(ErrorCode::kUsage, "EBM_SIMD = " + std::string(wanted) + ": this machine runs " +
                                         target_names() + "; in bfloat16 " + unit_names() +
                                         "; one of each may be named, as AVX2,F32");
    }
    if (new_target) target = new_target;
    if (new_unit) unit = new_unit;
  }
  if (target) hwy::SetSupportedTargetsForTest(*target);
  force_bf16_unit(unit);
}

}  // namespace ebm::samplers
