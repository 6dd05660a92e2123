#pragma once

#include <functional>
#include <string>

#include "models/open_model.h"

namespace ebm::app {

/// The energy that a command samples from, with its default sampler settings.
using Target = models::EnergyModel;

/// How this program opens models.
struct Backends {
  models::MakeEnergy torch;         ///< null in the program without LibTorch
  std::function<void()> hand_over;  ///< starts the program that has LibTorch; never returns
  models::OpenFlow flow = nullptr;  ///< null like `torch`
};

/// What MODEL means, for --help.
inline constexpr const char* kModelHelp =
    "run folder, checkpoint folder, .safetensors file, or the name of a model that comes with the "
    "program (fashion-mnist)";

/// Opens what a command line names: a model (of ebm train, a flow, or the critic of a GAN) or the
/// toy of --energy, one of them empty.
/// @param backend  compiled (the default if empty) or torch; if this program lacks what is needed,
///                 backends.hand_over is called: for torch, for a flow, for a network that tilts
///                 one
/// @throws Error(kUsage) unless exactly one is given, for another backend, or for one of a toy;
///         what opening a model or a toy throws
Target open_target(const std::string& model, const std::string& energy, const std::string& backend,
                   const Backends& backends);

/// The data to use with a model: those of --data, or else those that the model was trained on.
/// @param own     of the model; may be empty
/// @param origin  of the model, for the message
/// @throws Error(kUsage) if neither is known
std::string data_of(const std::string& own, const std::string& origin, const std::string& given);

}  // namespace ebm::app
