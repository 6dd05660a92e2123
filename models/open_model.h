#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "models/share_file.h"
#include "nets/files/model.h"
#include "samplers/energy.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm::models {

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
  std::string origin = {};                ///< the file of its weights; empty for a toy
};

/// Makes an energy of a trained network.
using MakeEnergy = std::function<std::shared_ptr<const samplers::Energy>(const nets::Model& model)>;
/// Opens the file of a flow, whose energy is −ln p.
using OpenFlow = std::function<EnergyModel(const nets::ModelFile& file)>;

struct OpenOptions {
  MakeEnergy make_energy = nullptr;  ///< null: nets::CompiledNet, for the cores of this machine
  /// Of the compiled network; nothing: as the file says, in which training and its defaults were.
  std::optional<nets::Precision> precision = std::nullopt;
  OpenFlow open_flow = nullptr;  ///< null: flows are refused, as they need LibTorch
  nets::Warn warn = nullptr;     ///< takes a line on a damaged checkpoint; null: to stderr
};

/// The tensors of a model: a run folder (its newest intact checkpoint), a checkpoint folder, a
/// .safetensors file, or the name of a model that comes with the program (fashion-mnist).
/// @param warn  null: to stderr
/// @throws what nets::read_model_file throws
nets::ModelFile read_named_model(const std::string& name, const nets::Warn& warn = nullptr,
                                 const std::filesystem::path& package = kShareDir);

/// Whether the file holds a flow, as `ebm flow train` writes.
bool is_flow(const nets::ModelFile& file);

/// The energy of a file: a network of `ebm train`, the critic of a GAN at T = 1, or a flow.
/// @throws Error(kUsage) for a flow without options.open_flow; Error(kBadData) naming the file
EnergyModel open_model(nets::ModelFile file, const OpenOptions& options = {});

/// Reads and opens what `name` stands for, as read_named_model says.
/// @throws as read_named_model and open_model of a file
EnergyModel open_model(const std::string& name, const OpenOptions& options = {},
                       const std::filesystem::path& package = kShareDir);

}  // namespace ebm::models
