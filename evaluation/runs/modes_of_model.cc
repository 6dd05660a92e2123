#include "evaluation/runs/modes_of_model.h"

#include <utility>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "data/read_moved_data.h"

namespace ebm::evaluation {
namespace {

landscape::StateKind states_of(const ModesRequest& request) {
  return base::value_of<landscape::StateKind>("states", landscape::kStateKinds, request.states);
}

landscape::EnergyMapOptions map_options(const ModesRequest& request,
                                        const models::EnergyModel& model,
                                        const samplers::SamplerSettings& settings) {
  landscape::EnergyMapOptions options = request.map;
  options.states = states_of(request);
  options.seed = static_cast<std::uint64_t>(request.seed);
  options.n_threads = request.n_threads;
  options.box = settings.box;
  options.descent_step_size = request.descent_step_size.value_or(double{model.settings.step_size});
  options.validate();
  return options;
}

LabelledStarts starts_of(const ModesRequest& request, const models::EnergyModel& model,
                         const samplers::SamplerSettings& settings) {
  const char* usual = model.origin.empty() ? "noise" : "data";
  const ChainStart start = parse_chain_start(request.init.empty() ? usual : request.init);
  const bool from_data = start.kind == StartKind::kData;
  if (!request.data.empty() && (!from_data || request.given)) {
    throw Error(ErrorCode::kUsage, "data = " + request.data + ": needs --init data");
  }
  if (request.given) return *request.given;
  return data::read_moved_data(from_data && request.data.empty(), [&] {
    return labelled_starts({.kind = start.kind,
                            .file = start.file,
                            .data = request.data.empty() ? model.data : request.data,
                            .n = request.search.n,
                            .seed = static_cast<std::uint64_t>(request.seed),
                            .noise_sd = settings.start_sd,
                            .on_read = request.on_read,
                            .on_warning = request.on_warning},
                           model.shape, settings.box, model.checkpoint);
  });
}

}  // namespace

void ModesRequest::validate() const {
  base::require_at_least("seed", seed, 0);
  base::require_at_least("restarts", map.restarts, 1);
  search.validate();
  states_of(*this);
}

FoundModes modes_of_model(models::EnergyModel& model, const ModesRequest& request) {
  request.validate();
  request.search.require_memory(model.energy->dim());
  samplers::SamplerSettings settings =
      mode_search_settings(model, request.sampler, request.search.n_steps());
  const landscape::EnergyMapOptions map = map_options(request, model, settings);
  const LabelledStarts starts = starts_of(request, model, settings);
  use_precise_energies(model, starts.rows, settings, request.coarse);
  ModeSearch found = find_modes(model, starts, request.search, settings, map);
  return {std::move(found), std::move(settings), map.states};
}

}  // namespace ebm::evaluation
