#include "evaluation/classification/class_energies.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"
#include "base/random.h"
#include "base/require.h"
#include "data/batch_source.h"
#include "nets/compiled/compiled_net.h"
#include "nets/compiled/forward_energies.h"
#include "nets/compiled/plan.h"
#include "samplers/run_chains.h"
#include "samplers/simd/normal_rows.h"

namespace ebm::evaluation {
namespace {

constexpr std::int64_t kRowsAtOnce = 4096;

/// The network of an energy that gives the energies at all labels in one pass; null for others.
const nets::CompiledNet* net_of_logits(const samplers::Energy& energy, std::int64_t n_classes) {
  const auto* net = dynamic_cast<const nets::CompiledNet*>(&energy);
  if (net == nullptr || !nets::has_class_energies(net->plan())) return nullptr;
  return n_classes == net->plan().classes ? net : nullptr;
}

/// E(x, (y, rest)) of every row under every class, [n, n_classes].
std::vector<float> energies_at(const samplers::Energy& energy, std::int64_t n_classes,
                               std::span<const float> rest, std::span<const float> rows,
                               int n_threads) {
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / energy.dim();
  if (const nets::CompiledNet* net = net_of_logits(energy, n_classes)) {
    return nets::class_energies(*net, {rows, contexts_of_class(0, rest, n)}, n_threads);
  }
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

/// E(x, y) of rows first, first + 1, ... of a set under every class, [n, n_classes].
std::vector<float> energies_of_classes(const samplers::Energy& energy, const ClassContexts& classes,
                                       std::span<const float> rows, std::int64_t first,
                                       int n_threads) {
  const bool has_noise = classes.noise_draws > 0;
  const std::int64_t n_terms =
      std::ssize(classes.conditions) * std::max<std::int64_t>(classes.noise_draws, 1);
  std::vector<double> sum;
  std::uint32_t which = 0;
  for (const auto& rest : classes.conditions) {
    for (std::int64_t draw = 0; draw < std::max<std::int64_t>(classes.noise_draws, 1); ++draw) {
      const std::vector<float> noisy =
          has_noise ? with_noise(rows, energy.dim(), rest.front(), classes.seed, which++, first)
                    : std::vector<float>();
      auto found =
          energies_at(energy, classes.n_classes, rest, has_noise ? noisy : rows, n_threads);
      if (n_terms == 1) return found;
      sum.resize(found.size());
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += double{found[i]};
    }
  }
  std::vector<float> mean(sum.size());
  std::ranges::transform(sum, mean.begin(), [n_terms](double e) {
    return static_cast<float>(e / static_cast<double>(n_terms));
  });
  return mean;
}

/// @param first  number of the first of the rows in its set
void evaluate_classes(const samplers::Energy& energy, const ClassContexts& classes,
                      std::span<const float> rows, std::int64_t first, const std::string& name,
                      int n_threads, std::span<float> out) {
  const std::vector<float> found = energies_of_classes(energy, classes, rows, first, n_threads);
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / energy.dim();
  for (std::int64_t k = 0; k < classes.n_classes; ++k) {
    const float offset =
        classes.offsets.empty() ? 0.0f : classes.offsets[static_cast<std::size_t>(k)];
    for (std::int64_t i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i * classes.n_classes + k);
      if (!std::isfinite(found[at])) {
        throw Error(ErrorCode::kDiverged, "the energy of item " + std::to_string(first + i) +
                                              " of " + name + " under class " + std::to_string(k) +
                                              " is " + base::number_text(double{found[at]}));
      }
      out[at] = found[at] + offset;
    }
  }
}

void require_context(const samplers::Energy& energy, const ClassContexts& classes) {
  base::require_at_least("classes", classes.n_classes, 1);
  base::require_at_least("conditions", std::ssize(classes.conditions), 1);
  if (!classes.offsets.empty()) {
    base::require_size("offsets", classes.offsets.size(), classes.n_classes, "one for each class");
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

std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, const std::string& name,
                                  int n_threads) {
  require_context(energy, classes);
  const auto dim = static_cast<std::size_t>(energy.dim());
  const std::size_t n = rows.size() / dim;
  base::require_size("rows", rows.size(), static_cast<std::int64_t>(n * dim), "whole items");
  const auto n_classes = static_cast<std::size_t>(classes.n_classes);
  std::vector<float> energies(n * n_classes);
  for (std::size_t first = 0; first < n; first += kRowsAtOnce) {
    const std::size_t some = std::min<std::size_t>(kRowsAtOnce, n - first);
    evaluate_classes(energy, classes, rows.subspan(first * dim, some * dim),
                     static_cast<std::int64_t>(first), name, n_threads,
                     std::span(energies).subspan(first * n_classes, some * n_classes));
  }
  return energies;
}

std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  const data::Dataset& dataset, const std::string& name,
                                  int n_threads) {
  require_context(energy, classes);
  base::require_size("items", static_cast<std::size_t>(dataset.shape.size()), energy.dim(),
                     "as the energy takes");
  const data::BatchSource source(dataset, {.batch_size = 1});
  const auto n_classes = static_cast<std::size_t>(classes.n_classes);
  std::vector<float> energies(static_cast<std::size_t>(dataset.n) * n_classes);
  for (std::int64_t first = 0; first < dataset.n; first += kRowsAtOnce) {
    const std::int64_t n = std::min(kRowsAtOnce, dataset.n - first);
    std::vector<float> rows(static_cast<std::size_t>(n * energy.dim()));
    source.fill_range(first, n, rows);
    evaluate_classes(energy, classes, rows, first, name, n_threads,
                     std::span(energies).subspan(static_cast<std::size_t>(first) * n_classes,
                                                 static_cast<std::size_t>(n) * n_classes));
  }
  return energies;
}

}  // namespace ebm::evaluation
