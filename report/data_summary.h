#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "data/describe.h"

namespace ebm::report {

/// What `ebm data` shows of a data set, as one document.
nlohmann::json data_summary_json(const data::DatasetSummary& summary);

/// The same as lines for a person, each ending with a newline.
std::string data_summary_text(const data::DatasetSummary& summary);

}  // namespace ebm::report
