#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "data/dataset.h"
#include "nets/model.h"
#include "samplers/energy.h"
#include "samplers/sampler_settings.h"

namespace ebm::app {

/// A trained model as an energy to walk on.
using OpenModel = std::function<std::shared_ptr<const samplers::Energy>(const nets::Model& model)>;

/// What is walked on, and how unless told otherwise.
struct Target {
  std::shared_ptr<const samplers::Energy> energy;
  samplers::SamplerSettings settings;  ///< a model's recipe; T = 1 and step 0.01 for a toy
  std::int64_t n_steps;
  data::ItemShape shape;
  bool is_image;
  std::string data;  ///< that the model was trained on, empty for a toy
  nets::CheckpointFiles checkpoint;
};

/// The ways in which a program can walk on a model.
struct Backends {
  OpenModel torch;                  ///< null in the program without LibTorch
  std::function<void()> hand_over;  ///< starts the program that has it; returns never
  /// The model of a flow (ebm flow train) as an energy; null likewise.
  std::function<Target(const nets::ModelFile& file)> flow = nullptr;
};

/// How `backend` (empty: compiled) opens a model: compiled for this machine's cores, or by
/// LibTorch, for which another program may have to take over.
/// @throws Error(kUsage) for another word
OpenModel open_model_of(const std::string& backend, const Backends& backends);

/// Opens what a command line names: a model or the words of --energy, one of them empty.
/// @param backend  empty where it was not given
/// @throws Error(kUsage) unless exactly one is given, or for a backend of a toy; what open_model_of
///         and reading a model or a toy throw
Target open_target(const std::string& model, const std::string& energy, const std::string& backend,
                   const Backends& backends);

}  // namespace ebm::app
