#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/names/choice.h"
#include "evaluation/image_sets.h"
#include "models/open_model.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// What is read of an image to tell images of other kinds from test images.
enum class ImageScore {
  kEnergy,        ///< E(x), or E(x, σ)
  kGradientNorm,  ///< ‖∇E(x)‖, or ‖∇ₓE(x, σ)‖
  kFlowDensity,   ///< −ln p(x) by the probability flow, up to a constant
};

inline constexpr base::Choice<ImageScore> kImageScores[] = {
    {"energy", ImageScore::kEnergy},
    {"gradient_norm", ImageScore::kGradientNorm},
    {"flow_density", ImageScore::kFlowDensity}};

/// E and ‖∇E‖ of rows, [n] each.
struct EnergiesAndNorms {
  std::vector<float> energies, norms;
};

/// @param context  of all rows; empty for an energy without one
/// @throws Error(kDiverged) naming the first image whose energy or gradient is not finite
EnergiesAndNorms energies_and_norms(const samplers::Energy& energy, const ImageRows& images,
                                    int n_threads, std::span<const float> context = {});

/// How far scores lie from those of training images: |s − m|, m the median of `training`. An image
/// may be odd by a low energy as well as by a high one: draws of a density lie where it is typical,
/// not where it is greatest. Source: Nalisnick et al. 2019, "Detecting out-of-distribution inputs
/// to deep generative models using typicality"; of one score and one image.
/// @throws Error(kShape) without training images
std::vector<float> distances_from_median(std::span<const float> scores, double median);

/// The median; of an even number the mean of both in the middle.
/// @throws Error(kShape) for none
double median_of(std::span<const float> values);

/// How well one score tells test images from other sets.
struct Detection {
  struct Other {
    std::string name;
    double auroc = 0.0;             ///< other images being positive, by a higher score
    double auroc_typicality = 0.0;  ///< by a score that is further from the median
  };
  ImageScore score = ImageScore::kEnergy;
  std::optional<float> level = std::nullopt;  ///< σ at which it is taken
  double median = 0.0;                        ///< of training images
  std::vector<Other> others = {};
};

/// Sets of images, of each of which all scores are taken.
struct DetectionSets {
  const ImageRows& training;
  const ImageRows& test;
  const std::vector<ImageRows>& others;
};

struct DetectionOptions {
  std::int64_t n_levels = 5;  ///< in equal ratios from the lowest to the highest of the model
  std::int64_t n_flow = 0;    ///< images of each set whose density is found by the flow; 0: none
  std::uint64_t seed = 0;     ///< of the flow's probes
  int n_threads = 1;
};

/// E and ‖∇E‖ of images as they are, at some levels of noise if the model's recipe goes through
/// them, which it does alone (models::own_levels()), else at none. At the lowest level E is −ln p
/// up to a constant. ‖∇ₓE(x, σ)‖ at many levels: Mahmood, Oliva, Styner 2021, "Multiscale score
/// matching for out-of-distribution detection".
/// @throws Error(kDiverged) naming the first image of which a score is not finite
std::vector<Detection> detect_by_scores(const models::EnergyModel& model, const DetectionSets& sets,
                                        const DetectionOptions& options);

}  // namespace ebm::evaluation
