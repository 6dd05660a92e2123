#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "evaluation/restoration/observation_operator.h"

namespace ebm::evaluation {

/// What training images alone say about observed ones.
struct TrainingBaselines {
  std::vector<float> mean;            ///< [dim], of the training images
  std::vector<float> nearest;         ///< [n, k, dim], the nearest to each, from near to far
  std::vector<std::int64_t> indices;  ///< [n, k], their numbers
};

/// The k training images x of the least ‖A x − y‖ for each observation, of equally near ones the
/// first.
/// @param y  [n, A.output_dim()]
/// @throws Error(kShape) for training images of another shape, or fewer than k
TrainingBaselines training_baselines(const ObservationOperator& observed,
                                     const std::vector<float>& y, const data::Dataset& training,
                                     std::int64_t k, int n_threads);

}  // namespace ebm::evaluation
