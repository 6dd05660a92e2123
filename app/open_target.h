#pragma once

#include <functional>
#include <memory>
#include <string>

#include "data/dataset.h"
#include "nets/model.h"
#include "samplers/energy.h"

namespace ebm::app {

/// A trained model as an energy to walk on.
using OpenModel = std::function<std::shared_ptr<const samplers::Energy>(const nets::Model& model)>;

/// What is walked on, and how unless told otherwise.
struct Target {
  std::shared_ptr<const samplers::Energy> energy;
  nets::SamplerRecipe recipe;  ///< the model's own; toys: step_size 0.01, T = 1, 1000 steps
  data::ItemShape shape;
  bool is_image;
  std::string data;  ///< that the model was trained on, empty for a toy
  nets::CheckpointFiles checkpoint;
};

/// Opens what a command line names; warnings go to stderr.
/// @param model       words of MODEL, or empty
/// @param energy      words of --energy, or empty
/// @param open_model  how this program walks on a model
/// @throws Error(kUsage) unless exactly one of the two is given, and what the readers throw.
Target open_target(const std::string& model, const std::string& energy,
                   const OpenModel& open_model);

}  // namespace ebm::app
