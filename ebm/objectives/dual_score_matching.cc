#include "ebm/objectives/dual_score_matching.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "ebm/objectives/level_objective.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

class DualScoreMatching : public LevelObjective {
 public:
  explicit DualScoreMatching(const TrainOptions& options)
      : LevelObjective(options, {options.noise_sd_min, options.noise_sd_max}) {}

 private:
  std::string missing_levels() const override {
    return levels().has_many() ? "" : "needs noise_sd_min and noise_sd_max";
  }
  ObjectiveStep step_of(const EvaluatedNet& net, const NoisyRows& rows,
                        double data_sd) const override {
    return dual_score_matching(net, rows, data_sd);
  }
};

/// One row of the loss: what it is made of F, and what it hands F.
struct DualRow {
  std::span<const float> x, normals, scaled;  ///< x̃, z, c·x̃
  double sigma;
  LevelForm form;
  double n;  ///< rows of the batch
  double energy = 0.0, loss = 0.0;

  /// @param f, f_slope, f_grad  F, ∂F/∂ln σ and ∇F at c·x̃
  /// @param v                   written: ∂L/∂∇F
  LevelFactors evaluate(double f, double f_slope, std::span<const float> f_grad,
                        std::span<float> v) {
    const auto d = static_cast<double>(x.size());
    const double slope = form.scale * form.c;
    double x_squares = 0.0, z_squares = 0.0, along = 0.0, of_score = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double g = double{f_grad[i]}, residual = score_residual(i, g);
      x_squares += double{x[i]} * double{x[i]};
      z_squares += double{normals[i]} * double{normals[i]};
      along += double{scaled[i]} * g;
      of_score += residual * residual;
    }
    const double level_slope =
        form.scale * (form.scale_slope * f + form.c_slope * along + f_slope) +
        0.5 * form.precision_slope * x_squares + 0.5 * d * form.log_variance_slope;
    const double of_level = 0.5 * level_slope - 0.5 * (d - z_squares);
    energy = form.scale * f + 0.5 * form.precision * x_squares + 0.5 * d * form.log_variance;
    loss = of_score / d + of_level * of_level / (d * d);
    const double w = of_level * form.scale / (d * d * n);
    for (std::size_t i = 0; i < x.size(); ++i) {
      v[i] =
          static_cast<float>(2.0 * sigma * slope * score_residual(i, double{f_grad[i]}) / (d * n) +
                             w * form.c_slope * double{scaled[i]});
    }
    return {.energy = static_cast<float>(w * form.scale_slope),
            .level_slope = static_cast<float>(w)};
  }

 private:
  /// σ·∂E/∂x_i − z_i
  double score_residual(std::size_t i, double g) const {
    return sigma * (form.scale * form.c * g + form.precision * double{x[i]}) - double{normals[i]};
  }
};

}  // namespace

ObjectiveStep dual_score_matching(const EvaluatedNet& net, const NoisyRows& rows, double data_sd) {
  const std::size_t n = rows.levels.size(), dim = rows.normals.size() / n;
  std::vector<float> scaled(rows.x.begin(), rows.x.end());
  std::vector<DualRow> all;
  for (std::size_t b = 0; b < n; ++b) {
    const auto part = [&](std::span<const float> of) { return of.subspan(b * dim, dim); };
    const LevelForm form = level_form(double{rows.levels[b]}, data_sd);
    for (std::size_t at = b * dim; at < (b + 1) * dim; ++at) {
      scaled[at] *= static_cast<float>(form.c);
    }
    all.push_back({.x = part(rows.x),
                   .normals = part(rows.normals),
                   .scaled = part(scaled),
                   .sigma = double{rows.levels[b]},
                   .form = form,
                   .n = static_cast<double>(n)});
  }
  const auto direction = [&](std::int64_t row, float f, float f_slope,
                             std::span<const float> f_grad, std::span<float> v) {
    return all[static_cast<std::size_t>(row)].evaluate(double{f}, double{f_slope}, f_grad, v);
  };
  WeightGradient result = net.level_gradient({scaled, rows.context}, direction);
  ObjectiveStep found{.gradient = std::move(result.gradient), .energies = {}};
  for (const DualRow& row : all) {
    found.energies.push_back(static_cast<float>(row.energy));
    found.energy_data += row.energy / row.n;
    found.loss += row.loss / row.n;
  }
  return found;
}

std::unique_ptr<const Objective> make_dual_score_matching(const TrainOptions& options,
                                                          bool /*is_image*/) {
  return std::make_unique<DualScoreMatching>(options);
}

}  // namespace ebm
