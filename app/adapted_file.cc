#include "app/adapted_file.h"

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::app {

nlohmann::json adapted_json(const samplers::SamplerSettings& settings) {
  return {{"sampler", settings.sampler},
          {"step_size", settings.step_size},
          {"inverse_mass", settings.inverse_mass}};
}

void write_adapted(const std::filesystem::path& file, const samplers::SamplerSettings& settings) {
  base::write_file_atomically(file, std::string_view(adapted_json(settings).dump(1) + "\n"));
}

void read_adapted(const std::filesystem::path& file, samplers::SamplerSettings& settings) {
  const auto document = nlohmann::json::parse(base::read_file(file), nullptr, false);
  try {
    // A document that is not JSON has no such members either.
    const auto sampler = document.at("sampler").get<std::string>();
    settings.step_size = document.at("step_size").get<float>();
    settings.inverse_mass = document.at("inverse_mass").get<std::vector<float>>();
    if (sampler != settings.sampler && sampler != settings.inner) {
      throw Error(ErrorCode::kUsage, "adapted = " + file.string() + ": was found for " + sampler +
                                         ", the sampler is " + settings.sampler);
    }
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kBadData,
                file.string() +
                    ": expected JSON with \"sampler\", \"step_size\" and \"inverse_mass\", as "
                    "written by --adapt-out");
  }
}

}  // namespace ebm::app
