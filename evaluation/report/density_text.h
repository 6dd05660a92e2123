#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/density/score_density.h"

namespace ebm::evaluation {

/// {"n", "level_min", "level_max", "log_z": {"n", "log_z", "se", "ess"}, "energy", "flow"}: the
/// last two with "log_p", "se" and "bits_per_dim"; "energy" and bits are null where there are none,
/// and "flow" has "steps" and "probes", too.
nlohmann::json density_json(const DensityComparison& found);

/// The same as lines for people.
std::string density_text(const DensityComparison& found);

/// What `ebm score --density` says of the mean: "density", "log_z" and the keys of one method.
void add_density(const DensityScores& found, nlohmann::json& document);
std::string density_scores_text(const DensityScores& found);

}  // namespace ebm::evaluation
