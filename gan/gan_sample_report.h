#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gan/gan_samples.h"

namespace ebm::gan {

/// What `ebm gan sample` prints.
struct GanSampleReport {
  const GanSampleOptions& options;
  const GanSamples& samples;
  std::string data, out;  ///< as on the command line; may be empty
};

/// Lines for a person, each ending with a newline.
std::string gan_sample_text(const GanSampleReport& report);
/// The same as one document.
nlohmann::json gan_sample_json(const GanSampleReport& report);

}  // namespace ebm::gan
