#include "training/run_counters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json_nesting.h"

namespace ebm::training {
namespace {

/// The object that a state.json holds; another value, which has no members, if it is none.
nlohmann::json parse_state(const std::string& text) {
  if (base::nests_deeper(text)) return nullptr;
  return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

/// No run counts beyond this: a thousand years of a million iterations an hour.
constexpr std::int64_t kMaxCount = 10'000'000'000'000;

/// A whole number from 0 to `most`; nothing if it is another value.
std::optional<std::int64_t> count_in(const nlohmann::json& value, std::int64_t most) {
  if (!value.is_number_unsigned()) return std::nullopt;
  const auto count = value.get<std::uint64_t>();
  if (count > static_cast<std::uint64_t>(most)) return std::nullopt;
  return static_cast<std::int64_t>(count);
}

/// The member of an object; null if it has none of that name, or is no object.
const nlohmann::json& member(const nlohmann::json& object, const char* key) {
  static const nlohmann::json null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::optional<DivergenceGuard::Counts> guard_counts_in(const nlohmann::json& state) {
  DivergenceGuard::Counts counts{};
  const nlohmann::json& found = member(state, "guard_counts");
  if (!found.is_array() || found.size() != counts.size()) return std::nullopt;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto count = count_in(found[i], kMaxCount);
    if (!count) return std::nullopt;
    counts[i] = *count;
  }
  return counts;
}

/// A number that a sum of energies can be: nothing if it is another value.
std::optional<double> finite_in(const nlohmann::json& value) {
  if (!value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// "guard_classes": [Σ w g, Σ w, count] of each class. Runs without classes have none.
std::optional<std::vector<DivergenceGuard::ClassState>> guard_classes_in(
    const nlohmann::json& state) {
  std::vector<DivergenceGuard::ClassState> classes;
  const nlohmann::json& found = member(state, "guard_classes");
  if (found.is_null()) return classes;
  if (!found.is_array()) return std::nullopt;
  for (const nlohmann::json& one : found) {
    if (!one.is_array() || one.size() != 3) return std::nullopt;
    const auto sum = finite_in(one[0]), weight = finite_in(one[1]);
    const auto count = count_in(one[2], kMaxCount);
    if (!sum || !weight || *weight < 0.0 || !count) return std::nullopt;
    classes.push_back({.sum = *sum, .weight = *weight, .count = *count});
  }
  return classes;
}

/// The counters that a state.json holds, if they are all there.
std::optional<RunCounters> counters_in(const nlohmann::json& state) {
  const auto iteration = count_in(member(state, "iteration"), kMaxCount);
  const auto rollbacks =
      count_in(member(state, "rollbacks"), std::numeric_limits<std::uint32_t>::max());
  const nlohmann::json& seconds = member(state, "seconds");
  // Older checkpoints have none.
  const auto end_evaluation =
      state.contains("end_evaluation") ? count_in(member(state, "end_evaluation"), kMaxCount) : 0;
  const nlohmann::json& fingerprint = member(state, "data_fingerprint");
  if (!iteration || !rollbacks || !seconds.is_number() || !end_evaluation ||
      !fingerprint.is_string()) {
    return std::nullopt;
  }
  const auto time = seconds.get<double>();
  if (!(time >= 0.0 && std::isfinite(time))) return std::nullopt;
  return RunCounters{.iteration = *iteration,
                     .rollbacks = *rollbacks,
                     .seconds = time,
                     .end_evaluation = *end_evaluation,
                     .data_fingerprint = fingerprint.get<std::string>()};
}

}  // namespace

std::string state_json(const RunCounters& counters, const DivergenceGuard& guard, bool scheduled) {
  nlohmann::json state{{"iteration", counters.iteration},
                       {"rollbacks", counters.rollbacks},
                       {"seconds", counters.seconds},
                       {"end_evaluation", counters.end_evaluation},
                       {"scheduled", scheduled},
                       {"guard_counts", guard.counts()},
                       {"data_fingerprint", counters.data_fingerprint}};
  for (const auto& [sum, weight, count] : guard.classes()) {
    state["guard_classes"].push_back({sum, weight, count});
  }
  return state.dump(1) + "\n";
}

void restore_state(const nets::CheckpointFiles& files, const std::string& origin,
                   RunCounters& counters, DivergenceGuard& guard) {
  const auto state = parse_state(nets::file_of(files, "state.json", origin));
  auto found = counters_in(state);
  const auto counts = guard_counts_in(state);
  auto classes = guard_classes_in(state);
  if (!found || !counts || !classes) {
    throw Error(ErrorCode::kBadData, origin + "/state.json is no state of a training run");
  }
  if (found->data_fingerprint != counters.data_fingerprint) {
    throw Error(ErrorCode::kBadData, origin + " was trained on other data: fingerprint " +
                                         found->data_fingerprint + ", the data set now has " +
                                         counters.data_fingerprint);
  }
  if (!classes->empty() && classes->size() != guard.n_classes()) {
    throw Error(ErrorCode::kBadData, origin + "/state.json has the energy gaps of " +
                                         std::to_string(classes->size()) + " classes, expected " +
                                         std::to_string(guard.n_classes()));
  }
  counters = std::move(*found);
  guard.restore(*counts, std::move(*classes));
}

bool good_to_return_to(const std::string& state_json) {
  const auto state = parse_state(state_json);
  const auto classes = guard_classes_in(state);
  return member(state, "scheduled") == nlohmann::json(true) &&
         guard_counts_in(state) == DivergenceGuard::Counts{} && classes &&
         std::ranges::all_of(*classes, [](const auto& one) { return one.count == 0; });
}

}  // namespace ebm::training
