#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ebm/class_conditions.h"
#include "ebm/evaluated_net.h"
#include "ebm/objectives/objective.h"
#include "nets/files/checkpoint_folder.h"
#include "samplers/operators/linear_operator.h"
#include "training/learner.h"
#include "training/noise_distribution.h"
#include "training/run_counters.h"

namespace ebm {

struct TrainOptions;

/// The negatives of a training run, with what they keep from one iteration to the next.
class Negatives {
 public:
  virtual ~Negatives() = default;
  /// What a batch of positives needs beside them to initialise the network by.
  virtual void describe_data(Batch& /*batch*/) const {}
  /// Fills in what the objective needs beside the positives of `batch`.
  /// @param at  the iterations made
  /// @throws Error(kDiverged) if a chain does.
  virtual void draw(const EvaluatedNet& net, const training::RunCounters& at, Batch& batch) = 0;
  /// A step of what learns beside the network. `rate` is the learning rate of the network / its
  /// peak.
  /// @return why it diverged, or nothing
  virtual std::optional<std::string> learn(const Batch& /*batch*/, const ObjectiveStep& /*step*/,
                                           double /*rate*/, const training::RunCounters& /*at*/) {
    return std::nullopt;
  }

  /// Adds the files of a checkpoint, whose bytes may lie here.
  virtual void add_to(nets::UnwrittenFiles& files) const = 0;
  /// @throws Error(kBadData) naming the file and what does not fit.
  virtual void restore(const nets::CheckpointFiles& files, const std::string& origin) = 0;
  /// The state before the first iteration.
  virtual void start_afresh() = 0;
  /// What brings back the present state after at most one draw() and learn() more, also if it is
  /// called twice: unless overridden, by the files above.
  virtual std::function<void()> remember();

  /// Mean number of steps since the start of the chains that are kept; 0 without any.
  virtual double mean_age() const { return 0.0; }
  /// The same of those of each class and, last, of none [K + 1]; nothing where there is no chain.
  virtual std::vector<std::optional<double>> mean_ages_of_classes() const { return {}; }
  /// n of the chains that are kept, [n, dim]; nothing if there are fewer.
  virtual std::optional<std::vector<float>> kept_chains(std::int64_t /*n*/,
                                                        const training::RunCounters& /*at*/) const {
    return std::nullopt;
  }
  /// Passes negatives that are samples of the model on for pictures.
  virtual void show(const Batch& /*batch*/, std::int64_t /*iteration*/,
                    training::TrainObserver& /*observer*/) const {}
  virtual training::Learner::Work work() const = 0;
};

/// Noise that lives elsewhere, or nothing.
using NoiseReference = std::optional<std::reference_wrapper<training::NoiseDistribution>>;

/// The shape of images; nothing for points.
std::optional<samplers::ImageShape> image_shape(const data::Dataset& dataset);

/// What negatives are of.
struct NegativeSetting {
  Needs needs;
  ChainDynamics dynamics;
  std::int64_t dim = 0;                                      ///< of an item
  std::optional<samplers::ImageShape> image = std::nullopt;  ///< its shape; none of points
  std::optional<ClassConditions> classes = std::nullopt;     ///< of a network with classes
};

/// The negatives that an objective needs.
/// @param noise  of NegativeSource::kNoise; outlives them
/// @throws Error(kUsage) without noise that is needed, or if it shall learn and cannot;
///         Error(kShape) for noise of another dim.
std::unique_ptr<Negatives> make_negatives(const TrainOptions& options,
                                          const NegativeSetting& setting, NoiseReference noise);

}  // namespace ebm
