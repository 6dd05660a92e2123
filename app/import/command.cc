#include "app/import/command.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line.h"
#include "app/import/plan.h"
#include "app/print.h"
#include "cli/help_text.h"
#include "evaluation/energy_comparison.h"
#include "models/open_model.h"
#include "nets/architecture/condition.h"
#include "nets/architecture/presets.h"
#include "nets/files/import_report.h"
#include "report/output_file.h"
#include "samplers/energies/conditional_energy.h"

namespace ebm::app {
namespace {

void run(const ImportCommand& command) {
  report::require_output(command.out, {report::OutputKind::kSafetensors});
  const nets::Architecture architecture = network_of(command);
  const nets::SamplerRecipe recipe = nets::import_recipe(command.recipe, architecture.input);
  const nets::ImportOptions options = import_options_of(command, architecture.input);
  nets::ImportedWeights imported = nets::import_weights(
      architecture, nets::read_state_dict(command.weights), options, command.weights);
  nets::SafetensorsFile file =
      nets::model_file(imported.architecture, recipe, command.data, std::move(imported.weights),
                       class_names_of(command, architecture));
  const models::EnergyModel model = models::open_model(nets::ModelFile{file, command.out, {}});
  std::shared_ptr<const samplers::Energy> at_none = model.energy;
  if (at_none->context_dim() > 0) {
    at_none =
        std::make_shared<samplers::ConditionalEnergy>(at_none, nets::neutral_context(architecture));
  }
  const evaluation::ImageRows zeros{
      .name = "an item of zeros",
      .n = 1,
      .rows = std::vector<float>(static_cast<std::size_t>(model.shape.size()))};
  const float energy = evaluation::energies_of(*at_none, zeros, 1).front();
  nets::write_safetensors(command.out, file);
  const nets::ImportReport report{command.out, imported, recipe, energy};
  if (command.json) return print_json(nets::import_json(report));
  std::printf("%s", nets::import_text(report).c_str());
}

void add_network_options(CLI::App& sub, ImportCommand& command) {
  std::string presets;
  for (const std::string& name : nets::preset_names()) {
    presets += (presets.empty() ? "" : ", ") + name;
  }
  const char* group = "Network and names";
  sub.add_option("--net", command.net, "FILE.toml or a preset: " + presets)
      ->type_name("NET")
      ->required()
      ->group(group);
  sub.add_option("--input", command.input,
                 "shape of an item [that of --data, or of input in FILE.toml]")
      ->delimiter(',')
      ->expected(3)
      ->type_name("CHANNELS,HEIGHT,WIDTH")
      ->group(group);
  sub.add_option("--data", command.data, "training data; becomes the model's own")
      ->type_name("SPEC")
      ->group(group);
  sub.add_option("--rename", command.renames,
                 "prefix FROM of tensor names becomes TO; may be repeated")
      ->type_name("FROM=TO")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  sub.add_flag("--negate", command.negate, "the network gives -E, a score that is high for data")
      ->group(group);
}

void add_scale_options(CLI::App& sub, ImportCommand& command) {
  const char* group = "Normalization of the images that the network was trained on";
  sub.add_option("--range", command.normalization.range, "pixel values of black and white [-1,1]")
      ->delimiter(',')
      ->expected(2)
      ->type_name("LOW,HIGH")
      ->group(group);
  const char* what = "of torchvision's Normalize, after --range; one value or one per channel";
  sub.add_option("--mean", command.normalization.mean, std::string("mean ") + what + " [0]")
      ->delimiter(',')
      ->type_name("M,...")
      ->group(group);
  sub.add_option("--std", command.normalization.sd, std::string("std ") + what + " [1]")
      ->delimiter(',')
      ->type_name("S,...")
      ->group(group);
}

void add_recipe_options(CLI::App& sub, ImportCommand& command) {
  const char* group = "Langevin sampler that the model is stored with";
  sub.add_option("--steps", command.recipe.steps, "steps from noise to a sample [256]")
      ->group(group);
  sub.add_option("--step-size", command.recipe.step_size, "step size [10; points 0.001953125]")
      ->group(group);
  sub.add_option("--noise-scale", command.recipe.noise_scale, "noise scale [0.005; points 0.0625]")
      ->group(group);
  sub.add_option("--temperature", command.recipe.temperature,
                 "instead of --noise-scale, which is sqrt(2 * step-size * T)")
      ->excludes("--noise-scale")
      ->group(group);
  sub.add_option("--clamp-energy-grad", command.recipe.clamp_energy_grad,
                 "clipping threshold of each entry of dE/dx; 0 disables it [0.03; points 0]")
      ->group(group);
}

}  // namespace

void add_import_command(CLI::App& app) {
  auto command = std::make_shared<ImportCommand>();
  CLI::App* sub = app.add_subcommand("import", "Make a model from weights saved by PyTorch");
  sub->add_option("WEIGHTS", command->weights,
                  "FILE.safetensors of a state_dict; float32, float64, float16 or bfloat16")
      ->required();
  add_network_options(*sub, *command);
  add_scale_options(*sub, *command);
  add_recipe_options(*sub, *command);
  sub->add_option("--out", command->out, "FILE.safetensors for the model")
      ->type_name("FILE")
      ->required();
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm import w.safetensors --net uva --input 1,28,28 --out m.safetensors",
                           "ebm import w.safetensors --net n.toml --negate --out m.safetensors"});
  sub->callback([command] { run(*command); });
}

}  // namespace ebm::app
