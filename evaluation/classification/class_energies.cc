#include "evaluation/classification/class_energies.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/number_text.h"
#include "base/random.h"
#include "base/require.h"
#include "data/batch_source.h"
#include "nets/compiled/compiled_net.h"
#include "nets/compiled/forward_energies.h"
#include "nets/compiled/plan.h"
#include "samplers/energies/noise_level_energy.h"
#include "samplers/run_chains.h"
#include "samplers/simd/normal_rows.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kRowsAtOnce = 4096;

/// A compiled network, and what the energy of a level of noise puts around it, if there is that.
struct Parts {
  const nets::CompiledNet* net = nullptr;  ///< null: the energy is no such one
  const samplers::NoiseLevelEnergy* around = nullptr;
};

Parts parts_of(const samplers::Energy& energy) {
  const auto* around = dynamic_cast<const samplers::NoiseLevelEnergy*>(&energy);
  return {dynamic_cast<const nets::CompiledNet*>(around ? &around->network() : &energy), around};
}

/// E(x, (y, rest)) by forward passes of the network: one where class_logits alone reads the label,
/// else one for each class.
std::vector<float> forward_energies(const nets::CompiledNet& net, std::int64_t n_classes,
                                    std::span<const float> rest, std::span<const float> rows,
                                    int n_threads) {
  const std::int64_t n = std::ssize(rows) / net.dim();
  if (nets::has_class_energies(net.plan()) && n_classes == net.plan().classes) {
    return nets::class_energies(net, {rows, contexts_of_class(0, rest, n)}, n_threads);
  }
  std::vector<float> all(static_cast<std::size_t>(n * n_classes));
  for (std::int64_t k = 0; k < n_classes; ++k) {
    const auto of_class = nets::energies(net, {rows, contexts_of_class(k, rest, n)}, n_threads);
    for (std::int64_t i = 0; i < n; ++i) {
      all[static_cast<std::size_t>(i * n_classes + k)] = of_class[static_cast<std::size_t>(i)];
    }
  }
  return all;
}

/// The same of the energy around the network.
std::vector<float> level_energies(const Parts& parts, std::int64_t n_classes,
                                  std::span<const float> rest, std::span<const float> rows,
                                  int n_threads) {
  const samplers::NoiseLevelEnergy::Scaling scaling = parts.around->scaling(rest.back());
  std::vector<float> scaled(rows.size());
  std::ranges::transform(rows, scaled.begin(), [&](float x) { return scaling.c_in * x; });
  auto energies = forward_energies(*parts.net, n_classes, rest, scaled, n_threads);
  const auto dim = static_cast<std::size_t>(parts.around->dim());
  const auto width = static_cast<std::size_t>(n_classes);
  for (std::size_t i = 0; i * dim < rows.size(); ++i) {
    float squares = 0.0f;
    for (const float x : rows.subspan(i * dim, dim)) squares += x * x;
    for (float& energy : std::span(energies).subspan(i * width, width)) {
      energy = scaling.c_out * energy + 0.5f * scaling.precision * squares + scaling.log_z;
    }
  }
  return energies;
}

/// E(x, (y, rest)) of every row under every class, [n, n_classes].
std::vector<float> energies_at(const samplers::Energy& energy, std::int64_t n_classes,
                               std::span<const float> rest, std::span<const float> rows,
                               int n_threads) {
  const Parts parts = parts_of(energy);
  if (parts.net != nullptr) {
    return parts.around ? level_energies(parts, n_classes, rest, rows, n_threads)
                        : forward_energies(*parts.net, n_classes, rest, rows, n_threads);
  }
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / energy.dim();
  samplers::ChainStore chains(n, energy.dim(), static_cast<std::int64_t>(rest.size()) + 1);
  chains.load_rows(rows);
  std::vector<float> of_class(static_cast<std::size_t>(n));
  std::vector<float> all(static_cast<std::size_t>(n * n_classes));
  for (std::int64_t k = 0; k < n_classes; ++k) {
    chains.load_context(contexts_of_class(k, rest, n));
    samplers::evaluate_chains(energy, chains, n_threads);
    chains.store_energy(of_class);
    for (std::int64_t i = 0; i < n; ++i) {
      all[static_cast<std::size_t>(i * n_classes + k)] = of_class[static_cast<std::size_t>(i)];
    }
  }
  return all;
}

/// Of base::Domain::kBuiltInSet, whose lower generations make images and signs.
constexpr std::uint32_t kFirstNoise = 16;

/// x + level·n of rows first, first + 1, ... of a set.
/// @param which  of all the noise that a row has
std::vector<float> with_noise(std::span<const float> rows, std::int64_t dim, float level,
                              std::uint64_t seed, std::uint32_t which, std::int64_t first) {
  std::vector<float> noisy(rows.size());
  samplers::fill_normal_rows(
      {.seed = seed, .domain = base::Domain::kBuiltInSet, .generation = kFirstNoise + which},
      static_cast<std::uint64_t>(first), dim, noisy);
  for (std::size_t i = 0; i < rows.size(); ++i) noisy[i] = rows[i] + level * noisy[i];
  return noisy;
}

/// Of one condition, without weight and offset: the mean over the noise of each row, [n,
/// n_classes].
/// @param first  number of the first of the rows in its set
std::vector<float> energies_at_condition(const samplers::Energy& energy,
                                         const ClassContexts& classes, std::span<const float> rest,
                                         std::span<const float> rows, std::int64_t first,
                                         int n_threads) {
  if (classes.noise_draws == 0) {
    return energies_at(energy, classes.n_classes, rest, rows, n_threads);
  }
  std::vector<double> mean;
  for (std::int64_t draw = 0; draw < classes.noise_draws; ++draw) {
    const auto noisy = with_noise(rows, energy.dim(), rest.front(), classes.seed,
                                  static_cast<std::uint32_t>(draw), first);
    const auto found = energies_at(energy, classes.n_classes, rest, noisy, n_threads);
    mean.resize(found.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += double{found[i]} / static_cast<double>(classes.noise_draws);
    }
  }
  return {mean.begin(), mean.end()};
}

template <class Value>
double mean_of(std::span<const Value> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void require_finite(std::span<const float> energies, const ClassContexts& classes,
                    std::int64_t first, const std::string& name) {
  for (std::size_t i = 0; i < energies.size(); ++i) {
    if (std::isfinite(energies[i])) continue;
    const auto at = static_cast<std::int64_t>(i);
    throw Error(ErrorCode::kDiverged,
                "the energy of item " + std::to_string(first + at / classes.n_classes) + " of " +
                    name + " under class " + std::to_string(at % classes.n_classes) + " is " +
                    base::number_text(double{energies[i]}));
  }
}

void require_context(const samplers::Energy& energy, const ClassContexts& classes) {
  base::require_at_least("classes", classes.n_classes, 1);
  base::require_at_least("conditions", std::ssize(classes.conditions), 1);
  if (!classes.offsets.empty()) {
    base::require_size("offsets", classes.offsets.size(), classes.n_classes, "one for each class");
  }
  if (!classes.weights.empty()) {
    base::require_size("weights", classes.weights.size(),
                       std::ssize(classes.conditions) * classes.n_classes,
                       "one for each of the conditions and classes");
  }
  base::require_at_least("noise_draws", classes.noise_draws, 0);
  for (const auto& rest : classes.conditions) {
    if (classes.noise_draws > 0 && rest.empty()) {
      throw Error(ErrorCode::kUsage, "noise_draws = " + std::to_string(classes.noise_draws) +
                                         ": the energy has no level of noise");
    }
    const auto width = static_cast<std::int64_t>(rest.size()) + 1;
    if (energy.context_dim() == width) continue;
    throw Error(ErrorCode::kShape,
                "an energy of contexts of " + std::to_string(energy.context_dim()) +
                    " values cannot be asked for classes of " + std::to_string(width));
  }
}

}  // namespace

std::vector<double> ClassContexts::weights_of(std::size_t condition) const {
  const auto n = static_cast<std::size_t>(n_classes);
  if (weights.empty()) {
    return std::vector<double>(n, 1.0 / static_cast<double>(conditions.size()));
  }
  const auto own = std::span(weights).subspan(condition * n, n);
  return {own.begin(), own.end()};
}

std::vector<float> contexts_of_class(std::int64_t klass, std::span<const float> rest,
                                     std::int64_t n) {
  std::vector<float> contexts;
  contexts.reserve(static_cast<std::size_t>(n) * (rest.size() + 1));
  for (std::int64_t i = 0; i < n; ++i) {
    contexts.push_back(static_cast<float>(klass));
    contexts.insert(contexts.end(), rest.begin(), rest.end());
  }
  return contexts;
}

std::vector<float> weighted_energies(std::span<const std::vector<float>> at_conditions,
                                     const ClassContexts& classes) {
  const auto n_classes = static_cast<std::size_t>(classes.n_classes);
  std::vector<double> sum(at_conditions.front().size());
  for (std::size_t c = 0; c < at_conditions.size(); ++c) {
    const std::vector<double> weights = classes.weights_of(c);
    const double mean_weight = mean_of(std::span<const double>(weights));
    for (std::size_t i = 0; i < sum.size(); i += n_classes) {
      const auto own = std::span<const float>(at_conditions[c]).subspan(i, n_classes);
      const double mean = mean_of(own);
      for (std::size_t k = 0; k < n_classes; ++k) {
        sum[i + k] += weights[k] == mean_weight
                          ? mean_weight * double{own[k]}
                          : mean_weight * mean + weights[k] * (double{own[k]} - mean);
      }
    }
  }
  std::vector<float> energies(sum.begin(), sum.end());
  if (classes.offsets.empty()) return energies;
  for (std::size_t i = 0; i < energies.size(); ++i) energies[i] += classes.offsets[i % n_classes];
  return energies;
}

std::vector<std::vector<float>> condition_energies(const samplers::Energy& energy,
                                                   const ClassContexts& classes,
                                                   std::span<const float> rows,
                                                   const std::string& name, int n_threads,
                                                   std::int64_t first) {
  require_context(energy, classes);
  const auto dim = static_cast<std::size_t>(energy.dim());
  const std::size_t n = rows.size() / dim;
  base::require_size("rows", rows.size(), static_cast<std::int64_t>(n * dim), "whole items");
  std::vector<std::vector<float>> all(classes.conditions.size());
  for (std::size_t c = 0; c < all.size(); ++c) {
    for (std::size_t at = 0; at < n; at += kRowsAtOnce) {
      const std::size_t some = std::min<std::size_t>(kRowsAtOnce, n - at);
      const std::int64_t item = first + static_cast<std::int64_t>(at);
      const auto found = energies_at_condition(energy, classes, classes.conditions[c],
                                               rows.subspan(at * dim, some * dim), item, n_threads);
      require_finite(found, classes, item, name);
      all[c].insert(all[c].end(), found.begin(), found.end());
    }
  }
  return all;
}

std::vector<std::vector<float>> condition_energies(const samplers::Energy& energy,
                                                   const ClassContexts& classes,
                                                   const data::Dataset& dataset,
                                                   const std::string& name, int n_threads) {
  base::require_size("items", static_cast<std::size_t>(dataset.shape.size()), energy.dim(),
                     "as the energy takes");
  const data::BatchSource source(dataset, {.batch_size = 1});
  std::vector<std::vector<float>> all(classes.conditions.size());
  for (std::int64_t first = 0; first < dataset.n; first += kRowsAtOnce) {
    const std::int64_t n = std::min<std::int64_t>(kRowsAtOnce, dataset.n - first);
    std::vector<float> rows(static_cast<std::size_t>(n * energy.dim()));
    source.fill_range(first, n, rows);
    const auto found = condition_energies(energy, classes, rows, name, n_threads, first);
    for (std::size_t c = 0; c < all.size(); ++c) {
      all[c].insert(all[c].end(), found[c].begin(), found[c].end());
    }
  }
  return all;
}

std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, const std::string& name,
                                  int n_threads) {
  return weighted_energies(condition_energies(energy, classes, rows, name, n_threads), classes);
}

std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  const data::Dataset& dataset, const std::string& name,
                                  int n_threads) {
  return weighted_energies(condition_energies(energy, classes, dataset, name, n_threads), classes);
}

}  // namespace ebm::evaluation
