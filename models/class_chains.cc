#include "models/class_chains.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "base/system/memory_limit.h"
#include "models/condition.h"

namespace ebm::models {

ClassChains class_chains(EnergyModel model, const std::string& classes, std::int64_t n,
                         std::optional<double> guidance) {
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
  if (guidance && std::ranges::find(chains.labels, none) != chains.labels.end()) {
    throw Error(ErrorCode::kUsage, "guidance = " + base::number_text(*guidance) +
                                       ": changes nothing where --class is none");
  }
  for (const float label : chains.labels) {
    chains.names.push_back(class_text(model, label));
  }
  chains.contexts = contexts_of(model, chains.labels, n);
  chains.guidance = guidance ? guidance : model.guidance;
  chains.model = chains.guidance ? guided(std::move(model), *chains.guidance) : std::move(model);
  return chains;
}

void require_class(const std::string& classes, std::optional<double> guidance) {
  if (!guidance || !classes.empty()) return;
  throw Error(ErrorCode::kUsage, "guidance = " + base::number_text(*guidance) +
                                     ": needs a class, of which it is the strength");
}

std::vector<float> ClassChains::chain_labels() const {
  if (!model.noise_level) return contexts;
  std::vector<float> all;  // a level follows each label
  for (std::size_t at = 0; at < contexts.size(); at += 2) all.push_back(contexts[at]);
  return all;
}

}  // namespace ebm::models
