#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "landscape/interpolation.h"

namespace ebm::landscape {

/// {"energies", "distances", "highest", "barrier"} of the path and, under "line", of the straight
/// line; "temperature". distances[i] is the length of the path up to state i as a share of the
/// straight line's, so that the last one is 1 or more. barrier is highest minus the energy of the
/// start.
nlohmann::json interpolation_json(const Interpolation& found, double temperature);

/// The same for people: a row for each state, then the barriers, also in units of T if T > 0.
std::string interpolation_text(const Interpolation& found, double temperature);

}  // namespace ebm::landscape
