#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "training/training_session.h"

namespace ebm::training {

/// One document: where the run and its model are, what was made, and why it ended.
nlohmann::json session_json(const TrainingResult& result);

/// The same as lines for a person, each ending with a newline.
/// @param resume  the command that goes on
std::string session_text(const TrainingResult& result, const std::string& resume);

}  // namespace ebm::training
