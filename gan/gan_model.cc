#include "gan/gan_model.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "nets/architecture/condition.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/model_file.h"
#include "nets/files/model_part.h"
#include "nets/files/tensor_entry.h"

namespace ebm::gan {
namespace {

constexpr const char* kGenerator = "generator";
constexpr const char* kCritic = "critic";
constexpr const char* kData = "data";

}  // namespace

nets::SafetensorsFile gan_file(const GanModel& model) {
  nets::SafetensorsFile file;
  nets::add_part(kGenerator, model.generator_weights, file);
  nets::add_part(kCritic, model.critic_weights, file);
  file.metadata = {{"format", "pt"},  // what Python loaders ask for
                   {kGenerator, nets::architecture_to_toml(model.generator)},
                   {kCritic, nets::architecture_to_toml(model.critic)},
                   {kData, model.data}};
  return file;
}

GanModel gan_model_of(nets::SafetensorsFile file, const std::string& origin) {
  for (const char* key : {kGenerator, kCritic, kData}) {
    if (!file.metadata.contains(key)) {
      throw Error(ErrorCode::kBadData, origin + ": its metadata has no " + std::string(key) +
                                           "; expected a model written by ebm gan train");
    }
  }
  const auto architecture = [&](const char* part, nets::Outputs outputs) {
    return nets::architecture_from_toml(
        file.metadata.at(part), origin + " (" + std::string(part) + ")", std::nullopt, outputs);
  };
  GanModel model{.generator = architecture(kGenerator, nets::Outputs::kAny),
                 .critic = architecture(kCritic, nets::Outputs::kEnergy),
                 .generator_weights = {},
                 .critic_weights = {},
                 .data = file.metadata.at(kData),
                 .origin = origin};
  nets::require_unconditional(model.generator, "the generator of " + origin);
  nets::require_unconditional(model.critic, "the critic of " + origin);
  if (auto weights = nets::take_part(kGenerator, file)) {
    model.generator_weights = std::move(*weights);
  }
  if (auto weights = nets::take_part(kCritic, file)) model.critic_weights = std::move(*weights);
  nets::require_no_other_entries(file, {}, origin, "the generator or the critic");
  return model;
}

GanModel read_gan_model(const std::filesystem::path& path, const nets::Warn& warn) {
  nets::ModelFile found = nets::read_model_file(path, warn);
  return gan_model_of(std::move(found.tensors), found.origin);
}

}  // namespace ebm::gan
