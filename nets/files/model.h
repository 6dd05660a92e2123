#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/files/checkpoint_folder.h"
#include "nets/files/model_file.h"
#include "nets/files/safetensors.h"
#include "nets/files/sampler_recipe.h"

namespace ebm::nets {

/// Name of the part of a model's file that holds its base measure.
inline constexpr const char* kBasePart = "base";
/// Metadata of a model that was trained as a classifier too: Model::classify_weight.
inline constexpr const char* kClassifyWeightKey = "classify_weight";
/// Metadata of a model that was trained with classes: Model::label_dropout.
inline constexpr const char* kLabelDropoutKey = "label_dropout";
/// Metadata of a model of E(x, σ): Model::data_sd.
inline constexpr const char* kDataSdKey = "data_sd";
/// Metadata, "true", of a model of E(x, σ): Model::one_log_z.
inline constexpr const char* kOneLogZKey = "one_log_z";

/// A trained energy with all that is needed to sample from it.
struct Model {
  Architecture architecture;
  SamplerRecipe recipe;
  SafetensorsFile weights;               ///< tensors by PyTorch's names
  std::optional<SafetensorsFile> base;   ///< the base measure that it tilts, if there is one
  std::string data;                      ///< SPEC of the data it was trained on
  std::vector<std::string> class_names;  ///< [classes] of a network with classes, or empty
  /// Weight of the cross-entropy of p(y | x) in the loss that it was trained by; 0: it was not in
  /// it.
  double classify_weight = 0.0;
  /// Rate at which labels were replaced by "none" in training; nothing if the file does not say.
  std::optional<double> label_dropout = std::nullopt;
  /// s of the energy that the network F with a noise level σ is part of,
  /// ‖x‖²/(2(σ² + s²)) + (s/σ)·F(x/√(σ² + s²), σ) (samplers/energies/noise_level_energy.h); 0: the
  /// energy is F itself.
  double data_sd = 0.0;
  /// Whether log Z of E(x, σ) is the same at every σ, as the objective dual trains it: that energy
  /// has (dim/2)·ln(2π(σ² + s²)) added, the log Z of N(0, σ² + s²).
  bool one_log_z = false;
  std::string origin;          ///< the file, for messages
  CheckpointFiles checkpoint;  ///< the other files of the checkpoint, if it came from one
};

/// The model as a safetensors file: architecture and recipe as TOML text in the metadata.
/// @param data         SPEC of the data it was trained on
/// @param class_names  one for each class, in a list of JSON in the metadata; empty where classes
///                     have no names. Bytes that are not UTF-8 become U+FFFD.
/// @throws Error(kUsage) for another number of names.
SafetensorsFile model_file(const Architecture& architecture, const SamplerRecipe& recipe,
                           const std::string& data, SafetensorsFile weights,
                           const std::vector<std::string>& class_names = {});

/// Parses a file. @throws Error(kBadData) naming the file and what is wrong with it.
Model model_of(ModelFile file);

/// Reads a MODEL of the command line: a .safetensors file, a checkpoint folder, or a run folder,
/// which means its newest intact checkpoint.
/// @throws Error(kNoInput), Error(kBadData) naming the file and what is wrong with it.
Model read_model(const std::filesystem::path& path, const Warn& warn);

}  // namespace ebm::nets
