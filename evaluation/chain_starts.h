#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/on_read.h"
#include "nets/files/checkpoint_folder.h"
#include "samplers/kernels/langevin.h"

namespace ebm::evaluation {

/// Where chains start.
enum class StartKind {
  kNoise,   ///< draws, uniform on the box or from N(0, I) without one, or with noise_sd
  kReplay,  ///< the replay buffer of the model's checkpoint
  kData,    ///< items of a data set
  kFile,    ///< a .npy file
};

/// Where chains start, in one word.
struct ChainStart {
  StartKind kind = StartKind::kNoise;
  std::filesystem::path file = {};  ///< of kFile
};

/// Reads noise, replay, data or FILE.npy.
/// @throws Error(kUsage) for another text
ChainStart parse_chain_start(const std::string& text);

/// Stands for every label in ChainStartOptions::labels.
inline constexpr float kAnyLabel = -1.0f;

struct ChainStartOptions {
  StartKind kind = StartKind::kNoise;
  std::filesystem::path file = {};  ///< of kFile
  std::string data = {};            ///< SPEC, of kData
  std::int64_t n;
  std::uint64_t seed;
  std::optional<float> noise_sd = {};  ///< of kNoise: draws of N(0, sd²·I), whatever the box is
  /// [n], or empty: chains start at items of the data or chains of the buffer that have these
  /// labels (kAnyLabel: whatever they have), each label taking its own in order.
  std::vector<float> labels = {};
  /// Labels of the items of the data, [n], as the model has them; null: those of the data.
  std::function<std::vector<std::int32_t>(const data::Dataset& dataset)> labels_of_data = {};
  data::OnRead on_read = {};                                ///< while data are read
  std::function<void(const std::string&)> on_warning = {};  ///< for each warning of the data
};

/// The labels that starts should have, for ChainStartOptions::labels: those of the chains, where
/// data or a buffer have some. A chain of no class starts at any.
/// @param labels     of the chains of a conditional model, [n], or empty
/// @param n_classes  of the model: a label from there on stands for no class
std::vector<float> labels_of_starts(StartKind kind, std::vector<float> labels,
                                    std::int64_t n_classes);

/// Where chains start.
struct LabelledStarts {
  std::vector<float> rows;                ///< [n, shape.size()]
  std::vector<std::int64_t> labels = {};  ///< [n], of the items; empty unless data with labels
};

/// The states that chains start from. If a buffer, data set or file has fewer
/// than n states, they are repeated in order.
/// @param checkpoint  the files of the model's checkpoint, empty if it has none
/// @throws Error(kUsage) for missing data, an empty buffer, or a label that neither has;
///         Error(kShape) for states of another shape; Error(kBadData) for a state outside the box;
///         what the readers and labels_of_data throw.
LabelledStarts labelled_starts(const ChainStartOptions& start, const data::ItemShape& shape,
                               const std::optional<samplers::Box>& box,
                               const nets::CheckpointFiles& checkpoint);

/// The same without labels, [n, shape.size()].
std::vector<float> chain_starts(const ChainStartOptions& start, const data::ItemShape& shape,
                                const std::optional<samplers::Box>& box,
                                const nets::CheckpointFiles& checkpoint);

/// The states of a .npy file, [n, shape.size()].
/// @throws Error(kNoInput), Error(kBadData), Error(kShape) naming the file and what is wrong
std::vector<float> read_states(const std::filesystem::path& file, const data::ItemShape& shape,
                               const std::optional<samplers::Box>& box);

/// Chains in the replay buffer of a checkpoint; 0 if it has none.
std::int64_t replay_size(const nets::CheckpointFiles& checkpoint);

}  // namespace ebm::evaluation
