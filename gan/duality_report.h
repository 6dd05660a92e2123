#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gan/duality.h"

namespace ebm::gan {

/// What `ebm gan duality` prints.
struct DualityReport {
  std::string real, fake;  ///< as on the command line
  Cost cost = Cost::kEuclidean;
  const Duality& found;
};

/// Lines for a person, each ending with a newline.
std::string duality_text(const DualityReport& report);
/// The same as one document.
nlohmann::ordered_json duality_json(const DualityReport& report);

}  // namespace ebm::gan
