#include "app/completion_values.h"

#include <vector>

#include "app/bench/options.h"
#include "base/names/choice.h"
#include "evaluation/restoration/restoration_starts.h"
#include "landscape/energy_map.h"
#include "models/share_file.h"
#include "models/toys/toy_energy.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::app {
namespace {

std::vector<std::string> toy_energies() {
  std::vector<std::string> names;
  for (const std::string& name : models::toy_energy_names()) names.push_back("toy:" + name);
  return names;
}

}  // namespace

cli::OfferedValues offered_values(const std::string& command, const std::string& option) {
  if (option == "--sampler" || option == "--inner") return {samplers::sampler_names(), false};
  if (option == "--net" || option == "--critic") return {nets::preset_names()};
  if (option == "--generator") return {nets::generator_preset_names()};
  if (option == "--energy") return {toy_energies(), false};
  if (option == "--backend") return {{"compiled", "torch"}, false};
  if (option == "--precision" && command == "ebm flow invert") return {{"double", "single"}, false};
  if (option == "--precision") return {base::name_list<nets::Precision>(nets::kPrecisions), false};
  if (option == "--device") return {{"cpu", "cuda"}, false};
  if (option == "--format") return {base::name_list<BenchFormat>(kBenchFormats), false};
  if (option == "--box-rule") {
    return {base::name_list<samplers::BoxRule>(samplers::kBoxRules), false};
  }
  if (option == "--states") {
    return {base::name_list<landscape::StateKind>(landscape::kStateKinds), false};
  }
  if (option == "--init" && command == "ebm restore") {
    return {base::name_list<evaluation::RestorationStart>(evaluation::kRestorationStarts), false};
  }
  if (option == "--init") return {{"noise", "replay", "data"}};
  if (option == "--operator") return {{"mask=", "downsample=", "blur=", "noise", "projection="}};
  if (option == "--data" || option == "--ood" || option == "--fit-data" || option == "SPEC") {
    return {{"fashion-mnist", "images:", "idx:", "cifar10:", "npy:", "toy:"}};
  }
  if (option == "SHELL") return {{"bash", "zsh", "fish"}, false};
  if (option == "MODEL") return {models::shared_names("models", ".safetensors")};
  if (option == "CONFIG" && command == "ebm train")
    return {{"quick", "good", "classes", "denoising", "energy-matching"}};
  if (option == "CONFIG" && command == "ebm gan train") return {{"wgan-gp", "meg"}};
  return {};
}

}  // namespace ebm::app
