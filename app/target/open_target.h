#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "data/dataset.h"
#include "nets/files/model.h"
#include "samplers/energy.h"
#include "samplers/kernels/sampler_settings.h"

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
  std::string origin{};  ///< the file of its weights, for messages; empty for a toy
};

/// The ways in which a program can walk on a model.
struct Backends {
  OpenModel torch;                  ///< null in the program without LibTorch
  std::function<void()> hand_over;  ///< starts the program that has it; returns never
  /// The model of a flow (ebm flow train) as an energy; null likewise.
  std::function<Target(const nets::ModelFile& file)> flow = nullptr;
};

/// What MODEL means, for --help.
inline constexpr const char* kModelHelp =
    "run folder, checkpoint folder, .safetensors file, or the name of a model that comes with the "
    "program (fashion-mnist)";

/// The tensors of what a command line calls MODEL: a path, or the name of a model that comes with
/// the program. What is odd about it goes to stderr.
/// @throws what nets::read_model_file throws
nets::ModelFile read_named_model(const std::string& word);

/// Opens what a command line names: a model (of ebm train, a flow, or the critic of a game) or the
/// words of --energy, one of them empty.
/// @param backend  compiled for this machine's cores (empty: so), or torch, for which another
///                 program may have to take over, as for flows and what tilts them
/// @throws Error(kUsage) unless exactly one is given, for another backend, or for one of a toy;
///         what reading a model or a toy throws
Target open_target(const std::string& model, const std::string& energy, const std::string& backend,
                   const Backends& backends);

}  // namespace ebm::app
