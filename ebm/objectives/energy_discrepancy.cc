#include "ebm/objectives/energy_discrepancy.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "ebm/joined_rows.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

class EnergyDiscrepancy : public Objective {
 public:
  explicit EnergyDiscrepancy(const TrainOptions& options)
      : options_{.noise_sd = options.noise_sd,
                 .perturbations = options.perturbations,
                 .stabilisation = options.stabilisation} {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kNone,
            .normals = 1 + options_.perturbations,
            .rows = 1 + options_.perturbations};
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    ObjectiveStep found = energy_discrepancy(net, batch.positive_rows(), batch.normals, options_);
    found.figures = {{"energy_noise", found.energy_samples}};
    return found;
  }
  std::vector<const char*> own_columns() const override { return {"energy_noise"}; }

 private:
  DiscrepancyOptions options_;
};

/// The points x_b + √t·(z_b + z_bj) of each item, with its context.
class PerturbedRows {
 public:
  PerturbedRows(const nets::Rows& data, std::span<const float> normals,
                const DiscrepancyOptions& options, std::size_t dim) {
    const std::size_t n = data.x.size() / dim, width = data.context.size() / n;
    const auto m = static_cast<std::size_t>(options.perturbations);
    const auto sd = static_cast<float>(options.noise_sd);
    x_.reserve(n * m * dim);
    for (std::size_t b = 0; b < n; ++b) {
      const auto of_item = normals.subspan(b * (1 + m) * dim, (1 + m) * dim);
      const auto context = data.context.subspan(b * width, width);
      for (std::size_t j = 1; j <= m; ++j) {
        for (std::size_t i = 0; i < dim; ++i) {
          x_.push_back(data.x[b * dim + i] + sd * (of_item[i] + of_item[j * dim + i]));
        }
        context_.insert(context_.end(), context.begin(), context.end());
      }
    }
  }
  nets::Rows all() const { return {x_, context_}; }

 private:
  std::vector<float> x_, context_;
};

/// The term of one item, and the share p_j of each of its points in the gradient.
struct ItemTerm {
  double loss = 0.0;
  std::vector<double> shares = {};
};

ItemTerm term_of(double energy, std::span<const float> perturbed, double stabilisation) {
  ItemTerm term;
  double largest = 0.0;  // of what stands in exponents, that of w among them
  for (const float each : perturbed) largest = std::max(largest, energy - double{each});
  double sum = stabilisation * std::exp(-largest);
  for (const float each : perturbed) {
    term.shares.push_back(std::exp(energy - double{each} - largest));
    sum += term.shares.back();
  }
  for (double& share : term.shares) share /= sum;
  term.loss = largest + std::log(sum / static_cast<double>(perturbed.size()));
  return term;
}

}  // namespace

ObjectiveStep energy_discrepancy(const EvaluatedNet& net, const nets::Rows& data,
                                 std::span<const float> normals,
                                 const DiscrepancyOptions& options) {
  const auto dim = static_cast<std::size_t>(net.architecture().input.size());
  const std::size_t n = data.x.size() / dim, m = static_cast<std::size_t>(options.perturbations);
  const PerturbedRows perturbed(data, normals, options, dim);
  const JoinedRows rows(data, perturbed.all());
  const std::vector<float> energies = net.energies(rows.all());
  ObjectiveStep found{
      .energies = {energies.begin(), energies.begin() + static_cast<std::ptrdiff_t>(n)}};
  std::vector<float> coefficients(energies.size());
  const double b_all = static_cast<double>(n);
  for (std::size_t b = 0; b < n; ++b) {
    const auto of_item = std::span(energies).subspan(n + b * m, m);
    const ItemTerm term = term_of(double{energies[b]}, of_item, options.stabilisation);
    found.loss += term.loss / b_all;
    found.energy_data += double{energies[b]} / b_all;
    double total = 0.0;
    for (std::size_t j = 0; j < m; ++j) {
      found.energy_samples += double{of_item[j]} / (b_all * static_cast<double>(m));
      coefficients[n + b * m + j] = static_cast<float>(-term.shares[j] / b_all);
      total += term.shares[j];
    }
    coefficients[b] = static_cast<float>(total / b_all);
  }
  found.gradient = net.weight_gradient(rows.all(),
                                       [&](std::int64_t row, float /*energy*/) {
                                         return coefficients[static_cast<std::size_t>(row)];
                                       })
                       .gradient;
  return found;
}

std::unique_ptr<const Objective> make_energy_discrepancy(const TrainOptions& options,
                                                         bool /*is_image*/) {
  return std::make_unique<EnergyDiscrepancy>(options);
}

}  // namespace ebm
