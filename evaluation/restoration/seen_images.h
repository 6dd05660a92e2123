#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/on_read.h"
#include "evaluation/restoration/observation_operator.h"

namespace ebm::evaluation {

/// What was seen, and of what.
struct SeenImages {
  std::vector<float> y;      ///< [n_images, A.output_dim()]
  std::vector<float> truth;  ///< [n_images, dim], or empty
};

/// Where they come from.
struct SeenImagesOptions {
  std::string observed;    ///< FILE.npy, a picture or a SPEC; the true images if they are simulated
  std::string truth = {};  ///< the same of the true images, or empty
  bool simulates = false;  ///< y = A x + noise_sd·ξ of the images of `observed`
  double noise_sd = 0.0;   ///< of what is simulated
  std::uint64_t seed = 0;  ///< of its noise
  data::OnRead on_read = {};
  std::function<void(const std::string&)> on_warning = {};  ///< for each warning of what is read

  /// @throws Error(kUsage) for a truth of images that are simulated
  void validate() const;
};

/// @param shape  of the images, [c, h, w]
/// @throws Error(kUsage) as validate(); Error(kShape) for another number of true images; what
///         read_images() and read_observations() throw
SeenImages read_seen_images(const SeenImagesOptions& options, const ObservationOperator& observed,
                            const data::ItemShape& shape);

}  // namespace ebm::evaluation
