#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/restoration/baselines.h"
#include "evaluation/restoration/restore.h"

namespace ebm::evaluation {

/// How near images are to the truth.
struct ReconstructionScore {
  std::string name;
  double psnr = 0.0;            ///< of the mean squared error over all images, in dB
  double psnr_of_images = 0.0;  ///< mean of the images' own; infinite if one is exact
  std::optional<double> ssim;   ///< mean over the images; of sides of 11 pixels or more
};

/// Share of the true values that lie within the samples' own range.
struct Coverage {
  double share = 0.0;
  /// The share if the truth were one more sample: 0.9, or less where there are too few samples.
  double expected = 0.9;
};

/// @param rows   [n, shape.size()], values in [−1, 1]
/// @param truth  the same
/// @throws Error(kShape) unless both have the same size
ReconstructionScore score_reconstruction(const std::string& name, const std::vector<float>& rows,
                                         const std::vector<float>& truth,
                                         const data::ItemShape& shape);

/// The mean of the samples, one sample of each image, and others.
std::vector<ReconstructionScore> score_reconstructions(const Restoration& restored,
                                                       const std::vector<Reconstruction>& others,
                                                       const std::vector<float>& truth,
                                                       const data::ItemShape& shape);

/// Of n samples of a value, sorted, the interval from rank k to rank n + 1 − k holds another one
/// with probability (n + 1 − 2k)/(n + 1): k = 0.05·(n + 1) makes that 0.9, ranks between two
/// samples interpolated; below n = 19 the interval ends at the outermost samples, k = 1. Ends count
/// as inside. What is known without noise is left out.
/// @throws Error(kUsage) for a single sample
Coverage coverage_of_truth(const ObservationOperator& observed, double noise_sd,
                           const Restoration& restored, const std::vector<float>& truth);

}  // namespace ebm::evaluation
