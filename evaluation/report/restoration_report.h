#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/restoration/restoration_scores.h"
#include "nets/architecture/precision.h"

namespace ebm::evaluation {

/// What `ebm restore` prints.
struct RestorationReport {
  const ObservationOperator& observed;
  const RestorationOptions& options;
  const samplers::SamplerSettings& settings;  ///< as they were after adaptation
  const Restoration& restored;
  std::string init;                              ///< where the chains started
  std::vector<ReconstructionScore> scores = {};  ///< none without the truth
  std::optional<Coverage> coverage = {};         ///< none without the truth, or for one sample
  std::vector<std::string> columns = {};         ///< of the picture
  std::string out = {}, mean_out = {}, spread_out = {};  ///< files; may be empty
  std::optional<nets::Precision> precision = {};
};

/// Lines for a person, each ending with a newline.
std::string restoration_text(const RestorationReport& report);
/// The same as one document.
nlohmann::json restoration_json(const RestorationReport& report);

}  // namespace ebm::evaluation
