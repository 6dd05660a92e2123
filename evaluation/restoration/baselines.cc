#include "evaluation/restoration/baselines.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "data/batch_source.h"
#include "evaluation/restoration/bicubic.h"
#include "evaluation/restoration/observations.h"
#include "evaluation/restoration/total_variation.h"
#include "evaluation/restoration/training_baselines.h"
#include "metrics/psnr.h"

namespace ebm::evaluation {
namespace {

/// Generation of the noise on training images: not that on images that are judged.
constexpr std::uint32_t kFitNoise = 2;

/// The weight of total variation with which training images are restored best.
double best_weight(const ObservationOperator& observed, double noise_sd,
                   const data::Dataset& training, std::uint64_t seed, int n_threads) {
  const std::int64_t n = std::min<std::int64_t>(32, training.n);
  std::vector<float> truth(static_cast<std::size_t>(n * observed.a->dim()));
  data::BatchSource(training, {.batch_size = 1}).fill_range(0, n, truth);
  const std::vector<float> y = simulate_observations(observed, truth, noise_sd, seed, kFitNoise);
  double best = 0.0, least = std::numeric_limits<double>::infinity();
  // From σ²/16 on: the prior exp(−Σ|∇x|/b) of a mean slope b = 2⁴, 2³, ..., 2⁻⁶ has μ = σ²/b.
  for (double weight = noise_sd * noise_sd / 16.0; weight < 70.0 * noise_sd * noise_sd;
       weight *= 2.0) {
    const double error = metrics::mean_squared_error(
        total_variation_images(*observed.a, y, training.shape,
                               {.weight = weight, .n_threads = n_threads}),
        truth);
    if (error < least) {
      least = error;
      best = weight;
    }
  }
  return best;
}

std::vector<float> variation_estimate(const ObservationOperator& observed,
                                      const std::vector<float>& y, const data::Dataset& training,
                                      const BaselineOptions& options) {
  TotalVariationOptions variation{.is_exact = options.noise_sd == 0.0,
                                  .n_threads = options.n_threads};
  if (!variation.is_exact) {
    variation.weight =
        best_weight(observed, options.noise_sd, training, options.seed, options.n_threads);
  }
  return total_variation_images(*observed.a, y, training.shape, variation);
}

}  // namespace

void keep_observed(const ObservationOperator& observed, const std::vector<float>& y,
                   std::vector<float>& rows) {
  auto seen = y.begin();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (observed.is_hidden[i % observed.is_hidden.size()] == 0) rows[i] = *seen++;
  }
}

Baselines make_baselines(const ObservationOperator& observed, const std::vector<float>& y,
                         const data::Dataset& training, const BaselineOptions& options) {
  Baselines out;
  if (options.kind != BaselineKind::kNearest) {
    out.total_variation = variation_estimate(observed, y, training, options);
  }
  if (options.kind == BaselineKind::kTotalVariation) return out;
  TrainingBaselines known =
      training_baselines(observed, y, training, options.n_nearest, options.n_threads);
  out.nearest = std::move(known.nearest);
  if (options.kind == BaselineKind::kNearest) return out;
  const std::int64_t n = static_cast<std::int64_t>(y.size()) / observed.a->output_dim();
  const std::int64_t dim = observed.a->dim();
  out.reconstructions = {{"mean image", {}}, {"nearest image", {}}};
  for (std::int64_t i = 0; i < n; ++i) {
    const auto nearest = out.nearest.begin() + i * options.n_nearest * dim;
    out.reconstructions[0].rows.insert(out.reconstructions[0].rows.end(), known.mean.begin(),
                                       known.mean.end());
    out.reconstructions[1].rows.insert(out.reconstructions[1].rows.end(), nearest, nearest + dim);
  }
  const std::int64_t factor =
      training.shape.height / std::max<std::int64_t>(1, observed.shape.height);
  if (observed.is_image && factor > 1) {
    out.reconstructions.push_back({"bicubic", bicubic_images(y, observed.shape, factor)});
  }
  out.reconstructions.push_back({"total variation", out.total_variation});
  for (Reconstruction& made : out.reconstructions) {
    if (options.noise_sd == 0.0 && !observed.is_hidden.empty()) {
      keep_observed(observed, y, made.rows);
    }
    for (float& value : made.rows) value = std::clamp(value, -1.0f, 1.0f);
  }
  return out;
}

}  // namespace ebm::evaluation
