#include "evaluation/sampling/walk_of_model.h"

#include <cstddef>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "evaluation/classification/class_labels.h"
#include "evaluation/sampling/walk_memory.h"
#include "evaluation/walk_warnings.h"

namespace ebm::evaluation {
namespace {

bool is_flow(const samplers::SamplerSettings& settings) {
  return settings.sampler == samplers::SamplerKind::kGradientFlow;
}

/// Sets the time of timed guidance where no step sets it: energies of chains that have ended are
/// those after the flow. Chains of another sampler have no time, so that guidance counts
/// throughout.
void settle_guidance(const samplers::SamplerSettings& settings, models::ClassChains& classes,
                     std::vector<float>& contexts) {
  if (!classes.guidance || !classes.guidance->is_timed()) return;
  if (!is_flow(settings)) {
    classes.guidance = samplers::Guidance{.weight = classes.guidance->weight};
    return;
  }
  const auto of_chain = static_cast<std::size_t>(classes.model.energy->context_dim());
  for (std::size_t end = of_chain; end <= contexts.size(); end += of_chain) {
    contexts[end - 1] = settings.flow_time;
  }
}

}  // namespace

void require_flow(const models::GuidanceOverrides& guidance,
                  std::optional<samplers::SamplerKind> sampler) {
  if (!sampler || *sampler == samplers::SamplerKind::kGradientFlow) return;
  const char* option = guidance.start ? "guidance_start" : "guidance_end";
  if (!guidance.start && !guidance.end) return;
  throw Error(ErrorCode::kUsage,
              std::string(option) + " = " +
                  base::number_text(guidance.start ? *guidance.start : *guidance.end) +
                  ": is a time of sampler = gradient-flow, not of " +
                  samplers::sampler_name(*sampler));
}

std::vector<float> starts_of_model(const models::ClassChains& classes,
                                   const ModelWalkOptions& options,
                                   const samplers::SamplerSettings& settings) {
  const models::EnergyModel& model = classes.model;
  return chain_starts(
      {.kind = options.start.kind,
       .file = options.start.file,
       .data = options.data.empty() ? model.data : options.data,
       .n = options.walk.n,
       .seed = options.walk.seed,
       .noise_sd = settings.start_sd,
       .labels = labels_of_starts(options.start.kind, classes.chain_labels(), model.classes),
       .labels_of_data =
           [&](const data::Dataset& dataset) {
             return labels_for_model(dataset, model.classes, model.class_names, dataset.name);
           },
       .on_read = options.on_read,
       .on_warning = options.on_warning},
      model.shape, settings.box, model.checkpoint);
}

ModelWalk walk_model(
    models::ClassChains& classes, const ModelWalkOptions& options,
    const std::function<std::vector<float>(const samplers::SamplerSettings& settings)>&
        make_starts) {
  models::EnergyModel& model = classes.model;
  WalkOptions plan = options.walk;
  plan.validate();
  const auto warn = [&](const std::vector<std::string>& lines) {
    if (!options.on_warning) return;
    for (const std::string& line : lines) options.on_warning(line);
  };
  samplers::SamplerSettings settings = model.settings;
  const std::int64_t dim = model.energy->dim();
  apply_overrides(options.sampler, dim, plan.burn_in + plan.steps, settings);
  if (plan.adapt) require_adaptable(settings);
  settle_guidance(settings, classes, plan.context);
  samplers::make_kernel(settings);  // throws for a wrong parameter before any work
  require_memory_of_walk(plan, dim, settings);
  if (options.start.kind != StartKind::kNoise) plan.first_step = first_step_from_data(settings);
  const std::vector<float> starts = make_starts(settings);
  use_precise_energies(model, starts, settings, options.coarse, plan.context);
  warn(warnings_before(model, starts, plan, settings));
  Walk walk = walk_chains(*model.energy, starts, plan, settings);
  // The diagnosis of draws that were kept has a line on chains that are stuck.
  if (!plan.keep_draws) warn(warnings_after(walk, settings));
  return {std::move(walk), std::move(settings)};
}

}  // namespace ebm::evaluation
