#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "flow/flow_sampler.h"
#include "flow/flow_score.h"

namespace ebm::flow {

/// What `ebm flow score` prints.
struct DensityReport {
  const DensitySummary& summary;
  const FlowScoreOptions& options;
  std::string data;  ///< SPEC
  std::int64_t dim;  ///< of an item
  std::string out;   ///< file of −ln p of each item; may be empty
};

/// Lines for a person, each ending with a newline.
std::string density_text(const DensityReport& report);
/// The same as one document.
nlohmann::json density_json(const DensityReport& report);

/// What `ebm flow invert` prints: a line for each block, and the errors of n items.
/// @param data, precision  as on the command line
std::string round_trip_text(const RoundTrip& trip, std::int64_t n, const std::string& data,
                            const std::string& precision);
/// The same as one document.
nlohmann::json round_trip_json(const RoundTrip& trip, std::int64_t n);

}  // namespace ebm::flow
