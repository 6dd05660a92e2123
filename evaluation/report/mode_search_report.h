#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/sampling/mode_search.h"

namespace ebm::evaluation {

/// What `ebm modes` prints of an energy.
struct ModeSearchReport {
  const models::EnergyModel& model;
  const ModeSearchOptions& options;
  const samplers::SamplerSettings& settings;  ///< that the chains ran with
  landscape::StateKind states;
  const ModeSearch& found;
};

/// A line on the chains, and the tables of the map.
std::string mode_search_text(const ModeSearchReport& report);
/// The same as one document.
nlohmann::json mode_search_json(const ModeSearchReport& report);

}  // namespace ebm::evaluation
