#include "evaluation/classification/sign_attack.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/require.h"
#include "evaluation/classification/class_probabilities.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {
namespace {

/// Gradients of so many items under each class are in memory together.
constexpr std::size_t kItemsAtOnce = 256;
/// Of base::Domain::kBuiltInSet, whose lower generations make images.
constexpr std::uint32_t kRandomSigns = 3;

/// Adds to `direction` [n, dim] the gradient of each item at a label, and what stands behind it,
/// times its weight.
void add_gradients(const samplers::Energy& energy, std::int64_t klass, std::span<const float> rest,
                   std::span<const float> rows, std::span<const double> weights, int n_threads,
                   std::vector<double>& direction) {
  const auto n = static_cast<std::int64_t>(weights.size());
  const auto dim = static_cast<std::size_t>(energy.dim());
  samplers::ChainStore chains(n, energy.dim(), static_cast<std::int64_t>(rest.size()) + 1);
  chains.load_rows(rows);
  chains.load_context(contexts_of_class(klass, rest, n));
  samplers::evaluate_chains(energy, chains, n_threads);
  std::vector<float> gradient(rows.size());
  chains.store_energy_grad(gradient);
  for (std::size_t j = 0; j < gradient.size(); ++j) {
    direction[j] += weights[j / dim] * double{gradient[j]};
  }
}

/// Σ_{k≠y} q_k·(∇E(x, y) − ∇E(x, k)) of every item, [n, dim].
std::vector<double> directions_of(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, std::span<const std::int32_t> labels,
                                  const SignAttackOptions& options) {
  const auto n_classes = static_cast<std::size_t>(classes.n_classes);
  const auto energies =
      class_energies(energy, classes, rows, "the items to move", options.n_threads);
  // [n_classes, n]: 1 for the true class, −q_k for the others.
  std::vector<std::vector<double>> weights(n_classes, std::vector<double>(labels.size(), 1.0));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto own = static_cast<std::size_t>(labels[i]);
    std::vector<float> others;
    for (std::size_t k = 0; k < n_classes; ++k) {
      if (k != own) others.push_back(energies[i * n_classes + k]);
    }
    const auto q = class_probabilities(others, options.temperature);
    for (std::size_t k = 0; k < n_classes; ++k) {
      if (k != own) weights[k][i] = -q[k < own ? k : k - 1];
    }
  }
  std::vector<double> direction(rows.size());
  for (std::size_t c = 0; c < classes.conditions.size(); ++c) {
    const std::vector<double> of_classes = classes.weights_of(c);
    // Σ_k a_k·w_k·(E_k − e) = Σ_k (a_k·w_k − Σ_j a_j·w_j/n)·E_k, e the mean of the E_k, as Σ_k a_k
    // = 0 leaves nothing of what all have.
    std::vector<double> common(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      for (std::size_t k = 0; k < n_classes; ++k) {
        common[i] += of_classes[k] * weights[k][i] / static_cast<double>(n_classes);
      }
    }
    for (std::size_t k = 0; k < n_classes; ++k) {
      std::vector<double> of_items = weights[k];
      for (std::size_t i = 0; i < of_items.size(); ++i) {
        of_items[i] = of_classes[k] * of_items[i] - common[i];
      }
      add_gradients(energy, static_cast<std::int64_t>(k), classes.conditions[c], rows, of_items,
                    options.n_threads, direction);
    }
  }
  return direction;
}

/// How many of the items are still of their class when each value is perturbed by eps·sign.
std::int64_t count_right(const samplers::Energy& energy, const ClassContexts& classes,
                         std::span<const float> rows, std::span<const std::int32_t> labels,
                         std::span<const double> direction, double eps,
                         const SignAttackOptions& options) {
  std::vector<float> moved(rows.begin(), rows.end());
  for (std::size_t j = 0; j < moved.size(); ++j) {
    const double sign = direction[j] > 0.0 ? 1.0 : direction[j] < 0.0 ? -1.0 : 0.0;
    moved[j] = static_cast<float>(double{moved[j]} + eps * sign);
    if (options.box) moved[j] = std::clamp(moved[j], options.box->low, options.box->high);
  }
  const auto energies =
      class_energies(energy, classes, moved, "perturbed items", options.n_threads);
  const auto width = static_cast<std::size_t>(classes.n_classes);
  std::int64_t n_right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto first = energies.begin() + static_cast<std::ptrdiff_t>(i * width);
    const auto least = std::min_element(first, first + static_cast<std::ptrdiff_t>(width));
    if (least - first == labels[i]) ++n_right;
  }
  return n_right;
}

/// 1 or −1 for every value of items first, first + 1, ...
std::vector<double> random_signs(std::size_t n, std::size_t dim, std::size_t first,
                                 std::uint64_t seed) {
  std::vector<double> signs;
  for (std::size_t i = 0; i < n; ++i) {
    base::RandomStream stream(
        {.seed = seed, .domain = base::Domain::kBuiltInSet, .generation = kRandomSigns}, first + i);
    for (std::size_t d = 0; d < dim; ++d) signs.push_back(stream.next_uniform() < 0.5f ? -1 : 1);
  }
  return signs;
}

void require_input(const samplers::Energy& energy, const ClassContexts& classes,
                   std::span<const float> rows, std::span<const std::int32_t> labels,
                   const SignAttackOptions& options) {
  base::require_at_least("classes", classes.n_classes, 2);
  base::require_at_least("items", static_cast<std::int64_t>(labels.size()), 1);
  base::require_positive("temperature", options.temperature);
  for (const double eps : options.eps) base::require_non_negative("eps", eps);
  base::require_size("rows", rows.size(), static_cast<std::int64_t>(labels.size()) * energy.dim(),
                     "one for each label");
  for (const std::int32_t label : labels) {
    base::require_between("label", label, 0, static_cast<double>(classes.n_classes - 1));
  }
}

}  // namespace

std::vector<AttackedAccuracy> attack_by_signs(const samplers::Energy& energy,
                                              const ClassContexts& classes,
                                              std::span<const float> rows,
                                              std::span<const std::int32_t> labels,
                                              const SignAttackOptions& options) {
  require_input(energy, classes, rows, labels, options);
  const auto dim = static_cast<std::size_t>(energy.dim());
  std::vector<std::int64_t> n_random(options.eps.size()), n_fgsm(options.eps.size());
  for (std::size_t first = 0; first < labels.size(); first += kItemsAtOnce) {
    const std::size_t n = std::min(kItemsAtOnce, labels.size() - first);
    const auto some = rows.subspan(first * dim, n * dim);
    const auto own = labels.subspan(first, n);
    const auto gradient = directions_of(energy, classes, some, own, options);
    const auto signs = random_signs(n, dim, first, options.seed);
    for (std::size_t e = 0; e < options.eps.size(); ++e) {
      const auto count = [&](const std::vector<double>& direction) {
        return count_right(energy, classes, some, own, direction, options.eps[e], options);
      };
      n_random[e] += count(signs);
      n_fgsm[e] += count(gradient);
    }
  }
  const auto n = static_cast<double>(labels.size());
  std::vector<AttackedAccuracy> found;
  for (std::size_t e = 0; e < options.eps.size(); ++e) {
    found.push_back({.eps = options.eps[e],
                     .random = static_cast<double>(n_random[e]) / n,
                     .fgsm = static_cast<double>(n_fgsm[e]) / n});
  }
  return found;
}

}  // namespace ebm::evaluation
