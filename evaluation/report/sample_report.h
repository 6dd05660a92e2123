#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/walk.h"
#include "nets/architecture/precision.h"
#include "samplers/diagnostics/diagnosis.h"
#include "samplers/energies/guided_energy.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::evaluation {

/// What `ebm sample` prints.
struct SampleReport {
  const WalkOptions& plan;
  const samplers::SamplerSettings& settings;  ///< as they were after adaptation
  const Walk& walk;
  std::string out;
  std::optional<samplers::Diagnosis> diagnosis;
  std::optional<nets::Precision> precision = {};    ///< of a compiled network
  std::vector<std::string> classes = {};            ///< of the chains, each with as many
  std::optional<samplers::Guidance> guidance = {};  ///< of the classes
};

/// Lines for a person, each ending with a newline.
std::string sample_text(const SampleReport& report);
/// The same as one document.
nlohmann::json sample_json(const SampleReport& report);

}  // namespace ebm::evaluation
