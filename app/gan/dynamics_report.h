#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gan/dirac_run.h"

namespace ebm::app {

/// What `ebm gan dynamics` prints.
struct DynamicsReport {
  std::string system, turns;  ///< as on the command line
  const gan::DiracRun& run;
  std::string picture;  ///< file of the phase portrait; may be empty
  std::vector<gan::DiracFigures> rows;
  gan::DiracAnalysis local;
};

/// Lines for a person, each ending with a newline.
std::string dynamics_text(const DynamicsReport& report);
/// The same as one document.
nlohmann::ordered_json dynamics_json(const DynamicsReport& report);

}  // namespace ebm::app
