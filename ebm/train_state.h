#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ebm/train_options.h"
#include "nets/files/checkpoint_folder.h"
#include "nets/files/model.h"
#include "training/adam.h"
#include "training/base_measure.h"
#include "training/trained_net.h"

namespace ebm {

/// The network in training: what one iteration hands to the next beside counters and negatives.
class TrainState {
 public:
  /// The state before the first iteration; a function of the options and the network alone.
  /// @param class_names  of the model; empty if it has no classes, or these no names
  TrainState(const TrainOptions& options, const nets::Architecture& architecture,
             std::vector<std::string> class_names = {});
  // Adam knows where the weights are: a copy would step those of another object.
  TrainState(const TrainState&) = delete;
  TrainState& operator=(const TrainState&) = delete;
  TrainState(TrainState&&) = default;
  TrainState& operator=(TrainState&&) = default;

  /// The average begins with the weights as they are.
  void start_average();
  /// training::update_average() of the trained tensors; buffers of spectral norms are copied.
  /// @param iteration  made
  void update_average(std::int64_t iteration, double decay);

  /// Files of a checkpoint:
  ///   model.safetensors      averaged weights, with architecture and sampler: the model
  ///   weights.safetensors    the weights that training goes on with
  ///   optimizer.safetensors  Adam's moments by parameter name
  /// Beside them lie replay.safetensors, the chains that are kept with their ages, or the files of
  /// noise that learns (ebm/negatives.h), and state.json, the counters.
  nets::CheckpointFiles to_files(const nets::SamplerRecipe& recipe, const std::string& data,
                                 const std::optional<training::BaseMeasure>& base) const;
  /// model.safetensors: the averaged weights with all that sampling from them needs.
  nets::SafetensorsFile model(const nets::SamplerRecipe& recipe, const std::string& data,
                              const std::optional<training::BaseMeasure>& base) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @param base    as it is now
  /// @throws Error(kBadData) naming the file and what does not fit; Error(kUsage) for another base.
  void restore(const nets::CheckpointFiles& files, const std::string& origin,
               const std::optional<training::BaseMeasure>& base);

  training::TrainedNet net, average;
  training::Adam adam;

 private:
  nets::SafetensorsFile model_of(const training::TrainedNet& weights,
                                 const nets::SamplerRecipe& recipe, const std::string& data) const;

  std::vector<std::string> class_names_;
  double classify_weight_, data_sd_;
  bool one_log_z_;
  std::optional<double> label_dropout_;  ///< of a network with classes
};

}  // namespace ebm
