#pragma once

#include <cstdint>
#include <span>

namespace ebm::metrics {

/// Lengths of a window of structural similarity.
inline constexpr std::int64_t kSsimWindow = 11;

/// Shape and values of the images that ssim() compares.
struct SsimOptions {
  std::int64_t channels = 1, height = 0, width = 0;
  double low = -1.0;   ///< the darkest value
  double range = 2.0;  ///< L, from there to the brightest

  /// @throws Error(kUsage) unless the sizes are positive, the sides at least kSsimWindow and the
  ///         range positive
  void validate() const;
};

/// Mean structural similarity of two images, 1 for equal ones: the mean of
///   (2·μx·μy + C1)(2·σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2))
/// over all places of an 11 x 11 Gaussian window of sd 1.5 that lies inside the image, and over
/// channels; C1 = (0.01·L)², C2 = (0.03·L)². Values count from `low`, so that images in [−1, 1]
/// have the similarity of their grey levels.
/// @param image  [channels, height, width], like truth
/// @throws Error(kUsage) as SsimOptions::validate; Error(kShape) for images of another size
/// Source: Wang, Bovik, Sheikh & Simoncelli 2004.
double ssim(std::span<const float> image, std::span<const float> truth, const SsimOptions& options);

}  // namespace ebm::metrics
