#include "app/target/open_target.h"

#include <utility>

#include "app/print.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "models/toys/toy_energy.h"

namespace ebm::app {
namespace {

/// Whether LibTorch evaluates a network.
constexpr base::Choice<bool> kTorchBackends[] = {{"compiled", false}, {"torch", true}};

/// Refuses an option that was given and has no effect.
void refuse(const std::string& option, const std::string& value, const std::string& why) {
  if (!value.empty()) throw Error(ErrorCode::kUsage, option + " = " + value + ": " + why);
}

Target open_toy(const std::string& spec, const EvaluatedBy& by) {
  refuse("backend", by.backend, "is for a MODEL, not for a toy");
  refuse("precision", by.precision, "is for a MODEL, not for a toy");
  auto energy = models::toy_energy(spec);
  const std::int64_t dim = energy->dim();
  return {.energy = std::move(energy), .shape = {dim, 1, 1}};
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
                  "f32 or bf16: what a compiled MODEL multiplies [as it was trained]")
      ->group(group);
}

Target open_target(const std::string& model, const std::string& energy, const EvaluatedBy& by,
                   const Backends& backends) {
  if (model.empty() == energy.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!energy.empty()) return open_toy(energy, by);
  models::OpenOptions options;
  if (!by.precision.empty()) {
    options.precision =
        base::value_of<nets::Precision>("precision", nets::kPrecisions, by.precision);
  }
  if (!by.backend.empty() && base::value_of<bool>("backend", kTorchBackends, by.backend)) {
    refuse("precision", by.precision, "is for backend = compiled; torch computes in float32");
    if (!backends.torch) backends.hand_over();
    options.make_energy = backends.torch;
  }
  options.open_flow = [&](const nets::ModelFile& file) {
    if (!backends.flow) backends.hand_over();
    return backends.flow(file);
  };
  nets::ModelFile file = models::read_named_model(model, print_warning);
  if (models::is_flow(file)) {
    if (by.backend == "compiled") refuse("backend", by.backend, "flows are computed by torch");
    refuse("precision", by.precision, "flows are computed by torch, in float32");
  }
  return models::open_model(std::move(file), options);
}

std::string data_of(const std::string& own, const std::string& origin, const std::string& given) {
  if (!given.empty()) return given;
  if (!own.empty()) return own;
  throw Error(ErrorCode::kUsage, "data is missing: " + origin +
                                     " does not say what it was trained on; give --data SPEC");
}

}  // namespace ebm::app
