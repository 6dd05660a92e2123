#include "app/target/open_target.h"

#include <utility>

#include "app/print.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "base/number_text.h"
#include "models/condition.h"
#include "models/toys/toy_energy.h"

namespace ebm::app {
namespace {

/// Whether LibTorch evaluates a network.
constexpr base::Choice<bool> kTorchBackends[] = {{"compiled", false}, {"torch", true}};

/// Refuses an option that was given and has no effect.
void refuse(const std::string& option, const std::string& value, const std::string& why) {
  if (!value.empty()) throw Error(ErrorCode::kUsage, option + " = " + value + ": " + why);
}

void refuse_for_toys(const EvaluatedBy& by) {
  refuse("backend", by.backend, "is for a MODEL, not for a toy");
  refuse("precision", by.precision, "is for a MODEL, not for a toy");
}

Target open_toy(const std::string& spec, const EvaluatedBy& by) {
  refuse_for_toys(by);
  auto energy = models::toy_energy(spec);
  const std::int64_t dim = energy->dim();
  return {.energy = std::move(energy), .shape = {dim, 1, 1}};
}

models::OpenOptions open_options(const EvaluatedBy& by, const Backends& backends) {
  models::OpenOptions options;
  options.warn = print_warning;
  if (!by.precision.empty()) {
    options.precision =
        base::value_of<nets::Precision>("precision", nets::kPrecisions, by.precision);
  }
  if (!by.backend.empty() && base::value_of<bool>("backend", kTorchBackends, by.backend)) {
    refuse("precision", by.precision, "is for backend = compiled; torch computes in float32");
    if (!backends.torch) backends.hand_over();
    options.make_energy = backends.torch;
  }
  options.on_file = [by](const nets::ModelFile& file) {
    if (!models::is_flow(file)) return;
    if (by.backend == "compiled") refuse("backend", by.backend, "flows are computed by torch");
    refuse("precision", by.precision, "flows are computed by torch, in float32");
  };
  options.open_flow = [&backends](const nets::ModelFile& file) {
    if (!backends.flow) backends.hand_over();
    return backends.flow(file);
  };
  return options;
}

}  // namespace

evaluation::CoarseEnergies coarse_energies(const EvaluatedBy& by) {
  return {.is_refused = !by.precision.empty(), .warn = print_warning};
}

void add_evaluated_by(CLI::App& command, EvaluatedBy& by, const std::string& group) {
  command.add_option("--backend", by.backend, "compiled or torch, for a MODEL [compiled]")
      ->group(group);
  command
      .add_option("--precision", by.precision,
                  "f32 or bf16: of products in a compiled MODEL [as it was trained]")
      ->group(group);
}

void note_terms(const std::string& model, const Target& target) {
  if (target.terms.empty() || target.origin.empty()) return;
  std::string line = model + ": each energy is divided by the T of its own recipe,";
  for (std::size_t i = 0; i < target.terms.size(); ++i) {
    const models::ModelTerm& term = target.terms[i];
    line += (i == 0 ? " " : ", ") + term.text + " " + base::number_text(term.temperature);
  }
  print_note(line + "; data, recipe and T = " +
             base::number_text(double{target.settings.temperature}) + " are those of the first");
}

Target open_conditional_target(const std::string& model, const std::string& energy,
                               const EvaluatedBy& by, const Backends& backends) {
  if (model.empty() == energy.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!energy.empty()) return open_toy(energy, by);
  const models::Expression expression = models::parse_model(model);
  const bool is_toy = models::has_only_toys(expression);
  if (is_toy) refuse_for_toys(by);
  return models::open_model(expression, open_options(by, backends));
}

Target open_target(const std::string& model, const std::string& energy, const EvaluatedBy& by,
                   const Backends& backends) {
  Target target = open_conditional_target(model, energy, by, backends);
  const bool has_classes = target.classes > 0;
  target = models::bind_condition(std::move(target), {});
  if (has_classes) {
    print_warning((target.terms.empty() ? model : "what has no #class= in '" + model + "'") +
                  " is taken at no class, as #class=none");
  }
  note_terms(model, target);
  return target;
}

}  // namespace ebm::app
