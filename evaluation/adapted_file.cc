#include "evaluation/adapted_file.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/number_text.h"

namespace ebm::evaluation {

void write_adapted(const std::filesystem::path& file, const samplers::SamplerSettings& settings) {
  const nlohmann::json document{{"sampler", samplers::sampler_name(settings.sampler)},
                                {"step_size", base::plain_double(settings.step_size)},
                                {"inverse_mass", base::plain_doubles(settings.inverse_mass)}};
  base::write_file_atomically(file, std::string_view(document.dump(1) + "\n"));
}

void read_adapted(const std::filesystem::path& file, std::int64_t dim,
                  samplers::SamplerSettings& settings) {
  const auto document = nlohmann::json::parse(base::read_file(file), nullptr, false);
  std::string sampler;
  std::vector<float> mass;
  float step_size = 0.0f;
  try {
    // A document that is not JSON has no such members either.
    document.at("sampler").get_to(sampler);
    document.at("step_size").get_to(step_size);
    document.at("inverse_mass").get_to(mass);
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::kBadData,
                file.string() +
                    ": expected JSON with \"sampler\", \"step_size\" and \"inverse_mass\", as "
                    "written by --adapt-out");
  }
  const auto require_positive = [&](const std::string& name, float value) {
    // Smaller ones are computed as 0.
    if (value >= std::numeric_limits<float>::min() && std::isfinite(value)) return;
    throw Error(ErrorCode::kBadData, file.string() + ": " + name + " is " +
                                         base::number_text(double{value}) +
                                         "; expected a positive number");
  };
  require_positive("step_size", step_size);
  for (std::size_t d = 0; d < mass.size(); ++d) {
    require_positive("inverse_mass[" + std::to_string(d) + "]", mass[d]);
  }
  const bool is_inner = settings.inner && sampler == samplers::sampler_name(*settings.inner);
  if (sampler != samplers::sampler_name(settings.sampler) && !is_inner) {
    throw Error(ErrorCode::kUsage, "adapted = " + file.string() + ": was found for " + sampler +
                                       ", the sampler is " +
                                       samplers::sampler_name(settings.sampler));
  }
  if (!mass.empty() && static_cast<std::int64_t>(mass.size()) != dim) {
    throw Error(ErrorCode::kShape, file.string() + ": inverse_mass holds " +
                                       std::to_string(mass.size()) +
                                       " values; expected one for each of the " +
                                       std::to_string(dim) + " coordinates");
  }
  settings.step_size = step_size;
  settings.noise_scale.reset();
  settings.inverse_mass = std::move(mass);
}

}  // namespace ebm::evaluation
