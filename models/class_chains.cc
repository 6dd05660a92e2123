#include "models/class_chains.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/condition.h"

namespace ebm::models {
namespace {

/// "guidance = 2", of the first that is given.
std::string text_of(const GuidanceOverrides& guidance) {
  if (guidance.weight) return "guidance = " + base::number_text(*guidance.weight);
  if (guidance.start) return "guidance_start = " + base::number_text(*guidance.start);
  return "guidance_end = " + base::number_text(*guidance.end);
}

/// Nothing where there is neither.
std::optional<samplers::Guidance> guidance_of(const EnergyModel& model,
                                              const GuidanceOverrides& asked) {
  if (!asked.any()) return model.guidance;
  samplers::Guidance guidance;
  if (model.guidance) guidance = *model.guidance;
  if (asked.weight) {
    guidance.weight = *asked.weight;
  } else if (!model.guidance) {
    throw Error(ErrorCode::kUsage, text_of(asked) + ": needs a guidance, of which it is a time");
  }
  if (asked.start) guidance.start = *asked.start;
  if (asked.end) guidance.end = asked.end;
  return guidance;
}

/// Contexts of so many numbers, with a time behind each.
std::vector<float> with_time(const std::vector<float>& contexts, std::int64_t of_chain,
                             float time) {
  std::vector<float> timed;
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    timed.push_back(contexts[i]);
    if ((i + 1) % static_cast<std::size_t>(of_chain) == 0) timed.push_back(time);
  }
  return timed;
}

}  // namespace

ClassChains class_chains(EnergyModel model, const std::string& classes, std::int64_t n,
                         const GuidanceOverrides& guidance) {
  require_class(classes, guidance);
  ClassChains chains;
  if (classes.empty()) {
    chains.model = bind_condition(std::move(model), {});
    return chains;
  }
  base::require_at_least("n", n, 1);
  chains.labels = labels_of(model, classes);
  const auto n_classes = static_cast<double>(chains.labels.size());
  const std::int64_t dim = model.energy->dim();
  // What plans need at least, in double precision: the product with n may be too large to count.
  base::require_memory({.option = "n",
                        .value = n,
                        .what = "states of dim " + std::to_string(dim) + " for each of " +
                                std::to_string(chains.labels.size()) + " classes",
                        .each = n_classes * (20.0 * static_cast<double>(dim) + 28.0)});
  const auto none = static_cast<float>(model.classes);
  if (guidance.any() && std::ranges::find(chains.labels, none) != chains.labels.end()) {
    throw Error(ErrorCode::kUsage, text_of(guidance) + ": changes nothing where --class is none");
  }
  for (const float label : chains.labels) {
    chains.names.push_back(class_text(model, label));
  }
  chains.contexts = contexts_of(model, chains.labels, n);
  chains.guidance = guidance_of(model, guidance);
  chains.model = chains.guidance ? guided(std::move(model), *chains.guidance) : std::move(model);
  // A time at which the guidance counts, for chains whose sampler sets none.
  if (chains.guidance && chains.guidance->is_timed()) {
    chains.contexts = with_time(chains.contexts, chains.model.energy->context_dim() - 1,
                                static_cast<float>(chains.guidance->start));
  }
  return chains;
}

void require_class(const std::string& classes, const GuidanceOverrides& guidance) {
  if (!guidance.any() || !classes.empty()) return;
  throw Error(ErrorCode::kUsage, text_of(guidance) + ": needs a class, of which it is the " +
                                     (guidance.weight ? "strength" : "time"));
}

std::vector<float> ClassChains::chain_labels() const {
  std::vector<float> all;
  const auto of_chain = static_cast<std::size_t>(model.energy->context_dim());
  for (std::size_t at = 0; at < contexts.size(); at += of_chain) all.push_back(contexts[at]);
  return all;
}

}  // namespace ebm::models
