#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/interruption.h"
#include "base/require.h"
#include "evaluation/sampling/walk_of_model.h"
#include "models/class_chains.h"
#include "models/condition.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"
#include "python/src/keywords.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::python {
namespace {

using evaluation::WalkOptions;

WalkOptions walk_of(const Keywords& keywords, const models::ClassChains& classes) {
  const auto n_classes = std::max<std::size_t>(1, classes.labels.size());
  return {.n = keywords.get<std::int64_t>("n") * static_cast<std::int64_t>(n_classes),
          .burn_in = keywords.get<std::int64_t>("burn_in"),
          .steps = keywords.find<std::int64_t>("steps").value_or(classes.model.n_steps),
          .thinning = keywords.get<std::int64_t>("thinning"),
          .adapt = keywords.get<bool>("adapt"),
          .target_acceptance = keywords.find<double>("target_acceptance"),
          .keep_draws = keywords.get<bool>("keep_draws"),
          .seed = static_cast<std::uint64_t>(keywords.get<std::int64_t>("seed")),
          .n_threads = keywords.get<int>("threads"),
          .parameters = models::parameters_of(classes.model),
          .context = classes.contexts};
}

nb::dict counts_of(const std::vector<samplers::ChainInfo>& chains) {
  const auto column = [&](auto of) {
    std::vector<double> values;
    for (const samplers::ChainInfo& chain : chains) values.push_back(of(chain));
    const auto n = static_cast<std::int64_t>(values.size());
    return to_numpy(std::move(values), {n});
  };
  nb::dict counts;
  counts["acceptance"] = column([](const auto& chain) { return chain.acceptance(); });
  counts["n_divergent"] =
      column([](const auto& chain) { return static_cast<double>(chain.n_divergent); });
  counts["n_gradients"] =
      column([](const auto& chain) { return static_cast<double>(chain.n_gradients); });
  return counts;
}

/// The label of each chain, [n], or None where chains have no class.
nb::object labels_of(const models::ClassChains& classes) {
  if (classes.labels.empty()) return nb::none();
  const std::vector<float> labels = classes.chain_labels();
  const auto n = static_cast<std::int64_t>(labels.size());
  return to_numpy(std::vector<std::int32_t>(labels.begin(), labels.end()), {n});
}

/// @param starts  [n, dim], or nothing where the keyword `init` says where chains start
nb::dict walk(const models::EnergyModel& model, const std::optional<Array>& starts,
              const nb::dict& values, const nb::dict& settings) {
  const Keywords keywords{values};
  base::require_at_least("seed", keywords.get<std::int64_t>("seed"), 0);
  const evaluation::SamplerOverrides sampler = overrides_of(settings);
  const models::GuidanceOverrides guidance{.weight = keywords.find<double>("guidance"),
                                           .start = keywords.find<double>("guidance_start"),
                                           .end = keywords.find<double>("guidance_end")};
  evaluation::require_flow(guidance, evaluation::given_sampler(sampler));
  models::ClassChains classes = models::class_chains(model, keywords.get<std::string>("classes"),
                                                     keywords.get<std::int64_t>("n"), guidance);
  classes.model = models::as_sampled(std::move(classes.model), evaluation::given_sampler(sampler));
  const nb::object on_progress = values["on_progress"];
  const nb::object on_warning = values["on_warning"];
  evaluation::ModelWalkOptions options{
      .sampler = sampler,
      .walk = walk_of(keywords, classes),
      .start = starts ? evaluation::ChainStart{.kind = evaluation::StartKind::kFile}
                      : evaluation::parse_chain_start(keywords.get<std::string>("init")),
      .data = keywords.get<std::string>("data"),
      .coarse = {.warn = warn_by(on_warning)}};
  options.on_warning = options.coarse.warn;
  options.walk.on_progress = progress_by(on_progress);
  evaluation::ModelWalk done = compute([&] {
    return evaluation::walk_model(classes, options, [&](const samplers::SamplerSettings& of_walk) {
      if (!starts) return evaluation::starts_of_model(classes, options, of_walk);
      const auto rows = values_of(*starts);
      return std::vector<float>(rows.begin(), rows.end());
    });
  });

  evaluation::Walk& result = done.walk;
  const std::int64_t n = options.walk.n, dim = classes.model.energy->dim();
  nb::dict out;
  out["x"] = to_numpy(std::move(result.rows), {n, dim});
  out["energies"] = to_numpy(std::move(result.energies), {n});
  if (options.walk.keep_draws) {
    out["draws"] = to_numpy(std::move(result.draws), {result.n_draws, n, dim});
    out["draw_energies"] = to_numpy(std::move(result.draw_energies), {result.n_draws, n});
    out["draw_hamiltonians"] = to_numpy(std::move(result.draw_hamiltonians), {result.n_draws, n});
  }
  out["counts"] = counts_of(result.info.chains);
  out["seconds"] = result.seconds;
  out["step_size"] = done.settings.step_size;
  out["inverse_mass"] = done.settings.inverse_mass;
  out["temperature"] = done.settings.temperature;
  out["sampler"] = samplers::sampler_name(done.settings.sampler);
  out["adapted_acceptance"] = result.adapted_acceptance;
  out["swap_rates"] = result.swap_rates;
  out["classes"] = classes.names;
  out["labels"] = labels_of(classes);
  return out;
}

}  // namespace

void bind_sampling(nb::module_& module) {
  module.def("walk", walk);
  module.def("sampler_names", samplers::sampler_names);
}

}  // namespace ebm::python
