#include "training/run_counters.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace ebm::training {
namespace {

nlohmann::json parse_json(const std::string& text) {
  return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

}  // namespace

std::string state_json(const RunCounters& counters, const DivergenceGuard& guard, bool scheduled) {
  const nlohmann::json state{{"iteration", counters.iteration},
                             {"rollbacks", counters.rollbacks},
                             {"seconds", counters.seconds},
                             {"end_evaluation", counters.end_evaluation},
                             {"scheduled", scheduled},
                             {"guard_counts", guard.counts()},
                             {"data_fingerprint", counters.data_fingerprint}};
  return state.dump(1) + "\n";
}

void restore_state(const nets::CheckpointFiles& files, const std::string& origin,
                   RunCounters& counters, DivergenceGuard& guard) {
  const auto state = parse_json(nets::file_of(files, "state.json", origin));
  try {
    RunCounters found{.iteration = state.at("iteration").get<std::int64_t>(),
                      .rollbacks = state.at("rollbacks").get<std::int64_t>(),
                      .seconds = state.at("seconds").get<double>(),
                      // Older checkpoints have none.
                      .end_evaluation = state.value("end_evaluation", std::int64_t{0}),
                      .data_fingerprint = state.at("data_fingerprint").get<std::string>()};
    const auto counts = state.at("guard_counts").get<DivergenceGuard::Counts>();
    if (found.data_fingerprint != counters.data_fingerprint) {
      throw Error(ErrorCode::kBadData, origin + " was trained on other data: fingerprint " +
                                           found.data_fingerprint + ", the data set now has " +
                                           counters.data_fingerprint);
    }
    counters = std::move(found);
    guard.restore(counts);
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kBadData, origin + "/state.json is no state of a training run");
  }
}

bool good_to_return_to(const std::string& state_json) {
  const auto state = parse_json(state_json);
  if (!state.is_object() || !state.value("scheduled", false)) return false;
  return state.value("guard_counts", nlohmann::json()) == nlohmann::json(DivergenceGuard::Counts{});
}

}  // namespace ebm::training
