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

Target open_toy(const std::string& spec, const std::string& backend) {
  if (!backend.empty()) {
    throw Error(ErrorCode::kUsage, "backend = " + backend + ": is for a MODEL, not for a toy");
  }
  auto energy = models::toy_energy(spec);
  const std::int64_t dim = energy->dim();
  return {.energy = std::move(energy), .shape = {dim, 1, 1}};
}

}  // namespace

Target open_target(const std::string& model, const std::string& energy, const std::string& backend,
                   const Backends& backends) {
  if (model.empty() == energy.empty()) {
    throw Error(ErrorCode::kUsage, "give either MODEL or --energy toy:NAME");
  }
  if (!energy.empty()) return open_toy(energy, backend);
  models::OpenOptions options;
  if (!backend.empty() && base::value_of<bool>("backend", kTorchBackends, backend)) {
    if (!backends.torch) backends.hand_over();
    options.make_energy = backends.torch;
  }
  options.open_flow = [&](const nets::ModelFile& file) {
    if (!backends.flow) backends.hand_over();
    return backends.flow(file);
  };
  nets::ModelFile file = models::read_named_model(model, print_warning);
  if (models::is_flow(file) && backend == "compiled") {
    throw Error(ErrorCode::kUsage, "backend = compiled: flows are computed by torch");
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
