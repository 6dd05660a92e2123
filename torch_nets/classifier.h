#pragma once

#include <cstdint>
#include <functional>

#include "data/dataset.h"
#include "nets/architecture/architecture.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

struct ClassifierOptions {
  std::int64_t epochs = 20;
  std::int64_t batch_size = 128;
  double learning_rate = 3e-3;  ///< of Adam, falling to 0.01 of it along a cosine
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Receives the progress of training.
struct ClassifierProgress {
  std::int64_t iteration = 0;  ///< made
  std::int64_t n_iterations = 0;
  double loss = 0.0;      ///< mean cross-entropy of the batch, in nats
  double accuracy = 0.0;  ///< of the batch, before its step
};

/// Trains a classifier by the mean cross-entropy of its logits,
///   L = (1/B)·Σ_b [ln Σ_k exp z_k(x_b) − z_{y_b}(x_b)],
/// with Adam on shuffled batches. The bits depend on the seed and the options, but not on
/// n_threads.
/// @param architecture  its last output is one logit a class
/// @param dataset       with labels below the number of classes
/// @param observe       called after every iteration; may be empty
/// @throws Error(kBadData) if there are no labels or one is too large; Error(kShape) for items of
///         another shape; Error(kDiverged) if the loss is not finite.
TorchNet train_classifier(const nets::Architecture& architecture, const data::Dataset& dataset,
                          const ClassifierOptions& options,
                          const std::function<void(const ClassifierProgress&)>& observe = {});

/// Share of a labelled set that the largest logit names rightly.
double accuracy_of(const TorchNet& classifier, const data::Dataset& dataset, int n_threads);

}  // namespace ebm::torch_nets
