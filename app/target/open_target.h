#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "evaluation/open_features.h"
#include "evaluation/precise_energies.h"
#include "evaluation/runs/evaluation_of_model.h"
#include "models/open_model.h"

namespace ebm::app {

/// The energy that a command samples from, with its default sampler settings.
using Target = models::EnergyModel;

/// How this program opens models.
struct Backends {
  models::MakeEnergy torch;         ///< null in the program without LibTorch
  std::function<void()> hand_over;  ///< starts the program that has LibTorch; never returns
  models::OpenFlow flow = nullptr;  ///< null like `torch`
  evaluation::OpenScript open_script = nullptr;  ///< null like `torch`
};

/// What MODEL means, for --help.
inline constexpr const char* kModelHelp =
    "run folder, checkpoint folder, .safetensors file, or the name of a model that comes with the "
    "program (fashion-mnist, fashion-mnist-classes, fashion-mnist-classifier, "
    "fashion-mnist-levels, fashion-mnist-matching); with #class=NAME a class; or several, as 'A + "
    "0.5*B' or 'mix(A; B)'";

/// The same of a command that takes a model without a class.
inline constexpr const char* kClassModelHelp =
    "model with classes: run folder, checkpoint folder, .safetensors file, or the name of one that "
    "comes with the program (fashion-mnist-classes, fashion-mnist-classifier, "
    "fashion-mnist-matching); with #level=X a level of noise, if it reads one; or several, as 'A + "
    "0.5*B'";

/// How a network is evaluated; empty where that was not said.
struct EvaluatedBy {
  std::string backend, precision;
};

/// What is done where energies in bfloat16 are too coarse: refused if --precision asks for them.
evaluation::CoarseEnergies coarse_energies(const EvaluatedBy& by);

/// Adds --backend and --precision.
/// @param group  of --help
void add_evaluated_by(CLI::App& command, EvaluatedBy& by, const std::string& group = "Options");

/// Opens what a command line names: MODEL, an expression of models (of ebm train, a flow, or the
/// critic of a GAN) and toys, or the toys of --energy, one of them empty. A conditional model is
/// taken at the condition that the text has, else at no class, with a warning.
/// @param by  backend compiled (the default) or torch; if this program lacks what is needed,
///            backends.hand_over is called: for torch, for a flow, for a network that tilts one.
///            Precision of compiled networks (by default the recipe's)
/// @throws Error(kUsage) unless exactly one is given, for another backend or precision, or for one
///         of a toy; what opening a model or a toy throws
Target open_target(const std::string& model, const std::string& energy, const EvaluatedBy& by,
                   const Backends& backends);
/// The same, but a conditional model without a condition in the text is left as it is: chains have
/// to be given their contexts (models/condition.h). note_terms() is left to the caller.
Target open_conditional_target(const std::string& model, const std::string& energy,
                               const EvaluatedBy& by, const Backends& backends);

/// Says at which temperatures the models of an expression are. Nothing of toys alone.
void note_terms(const std::string& model, const Target& target);

using evaluation::data_of;

}  // namespace ebm::app
