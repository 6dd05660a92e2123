#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gan/dirac_run.h"

namespace ebm::gan {

/// What `ebm gan dynamics` prints.
struct DiracReport {
  std::string system, turns;  ///< as on the command line
  const DiracRun& run;
  std::string picture;  ///< file of the phase portrait; may be empty
  std::vector<DiracFigures> rows;
  DiracAnalysis local;
};

/// Lines for a person, each ending with a newline.
std::string dirac_text(const DiracReport& report);
/// The same as one document.
nlohmann::ordered_json dirac_json(const DiracReport& report);

}  // namespace ebm::gan
