#pragma once

#include "data/dataset.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// Scales the features of a classifier, its penultimate activations f, to the mean variance
///   (1/d)·Σ_j Var f_j = 1
/// over (at most 10,000 items of) a data set, so that distances between features have a scale that
/// does not hang on the training run. The linear layer before them is multiplied by s and the
/// weights after them by 1/s; ReLU(s·a) = s·ReLU(a) leaves the logits as they are, up to rounding.
/// @param classifier  ends with linear, ReLU, linear
/// @return s
/// @throws Error(kShape) for another end; Error(kBadData) if the features do not vary.
double scale_features(const TorchNet& classifier, const data::Dataset& dataset, int n_threads);

}  // namespace ebm::torch_nets
