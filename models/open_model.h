#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "models/expression/expression.h"
#include "models/share_file.h"
#include "nets/files/model.h"
#include "samplers/energies/guided_energy.h"
#include "samplers/energy.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/parameters.h"

namespace ebm::models {

/// A model or toy in an expression.
struct ModelTerm {
  std::string text;  ///< as it was written, without its weight
  /// Of its energy: the product of all weights of sums around it, to the next mixture.
  double weight = 1.0;
  /// Of its density, in a mixture: the product of the weights in all mixtures around it.
  std::optional<double> share = std::nullopt;
  double temperature = 1.0;  ///< of its recipe, which divides its energy
};

/// How samples of a model of E(x, σ) are drawn: by chains for which a sampler chooses the level σ.
struct LevelWalk {
  std::shared_ptr<const samplers::Energy> energy;  ///< with σ as the last number of its context
  samplers::SamplerSettings settings;
  /// As EnergyModel::in_float32.
  std::function<std::shared_ptr<const samplers::Energy>()> in_float32 = nullptr;

  /// The sd of chains that start at the highest level: by default that of noise alone.
  float start_sd() const { return settings.start_sd.value_or(settings.levels.highest); }
};

/// An energy with its default sampler settings, from a file or by name.
struct EnergyModel {
  std::shared_ptr<const samplers::Energy> energy;
  samplers::SamplerSettings settings = {};        ///< for samplers::make_kernel
  std::int64_t n_steps = 1000;                    ///< from noise to a sample
  data::ItemShape shape;                          ///< of one state
  bool is_image = false;                          ///< states can be drawn as pictures
  std::string data = {};                          ///< SPEC of its training data; may be empty
  std::optional<nets::Precision> precision = {};  ///< of its compiled network, if it is one
  /// Makes the same energy in float32 where `energy` is in bfloat16: for what takes differences of
  /// energies, which bfloat16 rounds. Empty otherwise.
  std::function<std::shared_ptr<const samplers::Energy>()> in_float32 = nullptr;
  nets::CheckpointFiles checkpoint = {};  ///< files of the checkpoint, if it came from one
  std::string origin = {};  ///< the file of its weights, or an expression; empty for toys
  /// What the context of its chains holds: a label from 0 to classes − 1, or `classes` for none,
  /// and then a level of noise (models/condition.h).
  std::int64_t classes = 0;                   ///< 0: no label
  std::vector<std::string> class_names = {};  ///< [classes], or empty
  /// Whether E(x, none) means something: it was trained, or is a function of the classes' energies.
  bool knows_none = true;
  /// With which samples of a class are drawn unless another one is asked for: that of guided().
  std::optional<samplers::Guidance> guidance = std::nullopt;
  bool noise_level = false;
  /// Of a model whose recipe goes through levels of noise. Without a level of its own, `energy` is
  /// that at the lowest one, and `settings` are those of Langevin steps on it.
  std::optional<LevelWalk> level_walk = std::nullopt;
  /// Whether log Z of E(x, σ) is the same at every σ: nets::Model::one_log_z.
  bool one_log_z = false;
  double classify_weight = 0.0;       ///< above 0: trained as a classifier, too, at T = 1
  std::vector<ModelTerm> terms = {};  ///< of an expression; empty for a model or toy by itself
};

/// The levels that the model's recipe goes through, with σ as the whole context of its energy; null
/// if it goes through none, or if a label is part of the context.
const LevelWalk* own_levels(const EnergyModel& model);

/// Names and axes of what chains move: those of the energy, and of a model of images its pixels as
/// "x" [channels, height, width].
samplers::Parameters parameters_of(const EnergyModel& model);

/// Makes an energy of a trained network.
using MakeEnergy = std::function<std::shared_ptr<const samplers::Energy>(const nets::Model& model)>;
/// Opens the file of a flow, whose energy is −ln p.
using OpenFlow = std::function<EnergyModel(const nets::ModelFile& file)>;

struct OpenOptions {
  MakeEnergy make_energy = nullptr;  ///< null: nets::CompiledNet, for the cores of this machine
  /// Of the compiled network; nothing: as the file says, in which training and its defaults were.
  std::optional<nets::Precision> precision = std::nullopt;
  OpenFlow open_flow = nullptr;  ///< null: flows are refused, as they need LibTorch
  /// Called with each file of an expression before it is opened; may throw.
  std::function<void(const nets::ModelFile& file)> on_file = nullptr;
  nets::Warn warn = nullptr;  ///< takes a line on a damaged checkpoint; null: to stderr
};

/// The tensors of a model: a run folder (its newest intact checkpoint), a checkpoint folder, a
/// .safetensors file, or the name of a model that comes with the program (fashion-mnist,
/// fashion-mnist-classes, fashion-mnist-classifier, fashion-mnist-levels, fashion-mnist-matching).
/// @param warn  null: to stderr
/// @throws what nets::read_model_file throws
nets::ModelFile read_named_model(const std::string& name, const nets::Warn& warn = nullptr,
                                 const std::filesystem::path& package = kShareDir);

/// Whether the file holds a flow, as `ebm flow train` writes.
bool is_flow(const nets::ModelFile& file);

/// The energy of a file: a network of `ebm train`, the critic of a GAN at T = 1, or a flow.
/// @throws Error(kUsage) for a flow without options.open_flow; Error(kBadData) naming the file
EnergyModel open_model(nets::ModelFile file, const OpenOptions& options = {});

/// Reads and opens an expression (models/expression/expression.h) of what read_named_model reads,
/// and of toys. A file or folder that has the text as its name is that one.
/// In an expression of several, each energy is divided by the temperature T_i of its own recipe:
///   a + w·b    E = T·(E_a/T_a + w·E_b/T_b)
///   mix(a; b)  E = −T ln(exp(−E_a/T_a) + exp(−E_b/T_b))
/// Shape, data, sampler settings and T are those of the first model, or of the first toy if there
/// is no model; a toy has T = 1. It has no checkpoint.
/// A conditional model without a condition comes back with the context of its chains
/// (models/condition.h). Of several, the class is one for all that are not given their own; if
/// their classes differ, they are taken at none, and the names of classes count. Where all models
/// go through levels of noise, and all or none leave their class open, so does their expression,
/// with each at the same level; else each is taken at its lowest.
/// @throws as parse_expression, read_named_model, open_model of a file, toy_energy and
///         bind_condition; Error(kShape) for models of different shapes; Error(kUsage) for a model
///         without a temperature, or that there is none of, in an expression of several
EnergyModel open_model(const std::string& text, const OpenOptions& options = {},
                       const std::filesystem::path& package = kShareDir);

/// Reads the text of a MODEL. @throws as parse_expression
Expression parse_model(const std::string& text);

/// The same of a text that was read.
EnergyModel open_model(const Expression& expression, const OpenOptions& options = {},
                       const std::filesystem::path& package = kShareDir);

}  // namespace ebm::models
