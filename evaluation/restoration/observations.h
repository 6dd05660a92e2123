#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/on_read.h"
#include "evaluation/restoration/observation_operator.h"

namespace ebm::evaluation {

/// The images of a data set in [−1, 1].
struct ReadImages {
  std::int64_t n = 0;
  std::vector<float> rows;  ///< [n, dim]
  std::vector<std::string> warnings = {};
};

/// @param spec  SPEC, FILE.npy or a picture
/// @throws Error(kShape) for images of another shape, Error(kUsage) for points; what reading a data
///         set throws
ReadImages read_images(const std::string& spec, const data::ItemShape& shape,
                       const data::OnRead& on_read = {});

/// What a camera would have seen: y = A x + noise_sd·ξ, ξ ~ N(0, I) by the seed; number i of image
/// k is normal i of stream k.
/// @param truth       [n, A.dim()]
/// @param generation  of the random numbers: other noise for each
/// @return            [n, A.output_dim()]
std::vector<float> simulate_observations(const ObservationOperator& observed,
                                         const std::vector<float>& truth, double noise_sd,
                                         std::uint64_t seed, std::uint32_t generation = 1);

/// Observations of n images: of a mask, whole ones.
/// @param rows  [n, observed.shape.size()]
/// @param name  of the rows, for messages
/// @return      [n, A.output_dim()]
/// @throws Error(kShape) for another size, Error(kBadData) for a number that is not finite
std::vector<float> observations_of(const ObservationOperator& observed,
                                   const std::vector<float>& rows, std::int64_t n,
                                   const std::string& name);

/// Observations of a file: of an array, any numbers [n, ...] or those of one, in which noise may
/// lie outside [−1, 1]; else the images of a SPEC or of a picture. Of a mask, whole images.
/// @return [n, A.output_dim()]
/// @throws Error(kShape) for another size, Error(kBadData) for a number that is not finite; what
///         reading a file or a data set throws
ReadImages read_observations(const std::string& spec, const ObservationOperator& observed,
                             const data::OnRead& on_read = {});

/// Observations as pictures: those of a mask with the hidden entries at `hidden`.
/// @param y  [n, A.output_dim()]
/// @return   [n, observed.shape.size()]
std::vector<float> observations_as_images(const ObservationOperator& observed,
                                          const std::vector<float>& y, float hidden);

}  // namespace ebm::evaluation
