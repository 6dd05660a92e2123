#include "evaluation/restoration/seen_images.h"

#include <utility>

#include "base/error.h"
#include "evaluation/restoration/observations.h"

namespace ebm::evaluation {

void SeenImagesOptions::validate() const {
  if (!simulates || truth.empty()) return;
  throw Error(
      ErrorCode::kUsage,
      "truth = " + truth + ": not valid with --simulate, whose --observed are the true images");
}

SeenImages read_seen_images(const SeenImagesOptions& options, const ObservationOperator& observed,
                            const data::ItemShape& shape) {
  options.validate();
  const auto rows_of = [&](ReadImages images) {
    if (options.on_warning) {
      for (const std::string& line : images.warnings) options.on_warning(line);
    }
    return std::move(images.rows);
  };
  const auto true_images = [&](const std::string& spec) {
    return rows_of(read_images(spec, shape, options.on_read));
  };
  SeenImages seen;
  if (options.simulates) {
    seen.truth = true_images(options.observed);
    seen.y = simulate_observations(observed, seen.truth, options.noise_sd, options.seed);
    return seen;
  }
  seen.y = rows_of(read_observations(options.observed, observed, options.on_read));
  if (options.truth.empty()) return seen;
  seen.truth = true_images(options.truth);
  const std::int64_t n = static_cast<std::int64_t>(seen.y.size()) / observed.a->output_dim();
  const std::int64_t n_true = static_cast<std::int64_t>(seen.truth.size()) / shape.size();
  if (n != n_true) {
    throw Error(ErrorCode::kShape, "truth = " + options.truth + ": " + std::to_string(n_true) +
                                       " images; must be as many as observed, " +
                                       std::to_string(n));
  }
  return seen;
}

}  // namespace ebm::evaluation
