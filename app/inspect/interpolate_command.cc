#include "app/inspect/interpolate_command.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/print.h"
#include "app/read_data.h"
#include "base/error.h"
#include "base/require.h"
#include "cli/help_text.h"
#include "data/one_item.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/terms_json.h"
#include "landscape/interpolation_text.h"
#include "report/energy_profile.h"
#include "report/item_picture.h"
#include "report/output_file.h"

namespace ebm::app {
namespace {

struct InterpolateCommand {
  std::string model, energy, from, to, out;
  EvaluatedBy by;
  std::int64_t images = 15;
  std::int64_t steps = 500;
  std::optional<double> step_size;
  double spring = 1.0;
  std::int64_t threads = 0;
  bool json = false;
};

/// More states, no strip has room for.
constexpr double kMaxImages = 100;
/// Of toys, whose energies change by about 1 over a length of 1.
constexpr double kStepSizeOfToys = 0.01;

landscape::ElasticBandOptions band_options(const InterpolateCommand& command,
                                           const Target& target) {
  base::require_between("images", static_cast<double>(command.images), 1.0, kMaxImages);
  base::require_at_least("steps", command.steps, 0);
  const bool is_toy = target.origin.empty();
  const double step_size =
      command.step_size.value_or(is_toy ? kStepSizeOfToys : double{target.settings.step_size});
  base::require_positive("step-size", step_size);
  base::require_non_negative("spring", command.spring);
  const int n_threads = resolve_threads(command.threads);
  return {.n_images = command.images,
          .n_steps = command.steps,
          .step_size = base::to_float("step-size", step_size),
          .spring = base::to_float("spring", command.spring),
          .box = target.settings.box,
          .n_threads = n_threads};
}

std::vector<float> state_of(const std::string& text, const std::string& option,
                            const Target& target) {
  data::OneItem item = data::read_one_item(text, option, target.shape, show_reading());
  print_warnings(item.warnings);
  return std::move(item.values);
}

void write(const InterpolateCommand& command, report::OutputKind kind, const Target& target,
           const landscape::Interpolation& found) {
  if (kind == report::OutputKind::kNpy) {
    report::write_rows(command.out, kind, found.path.states, target.shape, target.is_image);
    return;
  }
  report::write_png(command.out, report::energy_profile(
                                     {{"path", found.path.states, found.path.energies},
                                      {"straight line", found.line.states, found.line.energies}},
                                     target.shape, target.is_image));
}

void run(const InterpolateCommand& command, const Backends& backends) {
  const report::OutputKind kind =
      report::require_output(command.out, {report::OutputKind::kPng, report::OutputKind::kNpy});
  const Target target = open_target(command.model, command.energy, command.by, backends);
  const landscape::ElasticBandOptions options = band_options(command, target);
  if (kind == report::OutputKind::kPng && target.is_image) {
    report::require_drawable(command.out, target.shape, true);
  }
  const std::vector<float> from = state_of(command.from, "from", target);
  const std::vector<float> to = state_of(command.to, "to", target);
  // The band follows small differences of energies, which bfloat16 rounds.
  const auto precise = target.in_float32 ? target.in_float32() : target.energy;
  const landscape::Interpolation found = landscape::interpolate(*precise, from, to, options);
  write(command, kind, target, found);
  const auto temperature = double{target.settings.temperature};
  if (command.json) {
    nlohmann::json document = landscape::interpolation_json(found, temperature);
    document["from"] = command.from;
    document["to"] = command.to;
    document["out"] = command.out;
    evaluation::add_arithmetic(target.precision, document);
    evaluation::add_terms(target.terms, document);
    print_json(document);
  } else {
    std::printf("%s", landscape::interpolation_text(found, temperature).c_str());
  }
}

}  // namespace

void add_interpolate_command(CLI::App& app, const Backends& backends) {
  auto command = std::make_shared<InterpolateCommand>();
  CLI::App* sub =
      app.add_subcommand("interpolate", "Minimum-energy path between two images or points");
  sub->add_option("MODEL", command->model, kModelHelp);
  sub->add_option("--energy", command->energy,
                  "toy:NAME[,KEY=VALUE]..., as in ebm sample, instead of MODEL")
      ->type_name("TOY");
  const char* state =
      "image file, FILE.npy or SPEC of one item (fashion-mnist#split=test,item=7), or the "
      "coordinates of a point (0.5,-1)";
  sub->add_option("--from", command->from, std::string("start: ") + state)
      ->type_name("STATE")
      ->required();
  sub->add_option("--to", command->to, "end, named like the start")->type_name("STATE")->required();
  sub->add_option("--out", command->out,
                  "FILE.png (film strips of the path and the straight line above their energies) "
                  "or FILE.npy (the states of the path)")
      ->type_name("FILE")
      ->required();
  sub->add_option("--images", command->images, "states between the ends")->capture_default_str();
  sub->add_option("--steps", command->steps, "steps of the elastic band")->capture_default_str();
  sub->add_option("--step-size", command->step_size,
                  "largest step size of the band [the model's own; toys 0.01]");
  sub->add_option("--spring", command->spring,
                  "strength of the springs that keep the states apart, energy per unit squared")
      ->capture_default_str();
  add_threads(*sub, command->threads);
  add_evaluated_by(*sub, command->by);
  add_json(*sub, command->json);
  cli::add_examples(*sub, {"ebm interpolate fashion-mnist --from a.png --to b.png --out path.png"});
  sub->callback([command, backends] { run(*command, backends); });
}

}  // namespace ebm::app
