#pragma once

#include <cstdint>
#include <string>

#include "nets/files/checkpoint_folder.h"
#include "training/divergence_guard.h"

namespace ebm::training {

/// What every training run counts, whatever it trains.
struct RunCounters {
  std::int64_t iteration = 0;  ///< iterations made
  std::int64_t rollbacks = 0;
  double seconds = 0.0;  ///< of training, over all sessions
  /// The iteration of an evaluation that only the end of the run called for (EvaluationSchedule);
  /// 0 if there was none.
  std::int64_t end_evaluation = 0;
  std::string data_fingerprint;  ///< of the data set; a run cannot go on with another

  /// Of all random numbers: roll-backs draw new ones.
  std::uint32_t generation() const { return static_cast<std::uint32_t>(rollbacks); }
};

/// state.json of a checkpoint.
/// @param scheduled  whether it was made on schedule, and not by a signal or the end
std::string state_json(const RunCounters& counters, const DivergenceGuard& guard, bool scheduled);

/// Reads the state.json among the files of a checkpoint.
/// @param origin    the checkpoint's folder, for messages
/// @param counters  its data_fingerprint is that of the data at hand
/// @throws Error(kBadData) if there is none, if it is no such file, or if it is of other data;
///         then nothing was changed.
void restore_state(const nets::CheckpointFiles& files, const std::string& origin,
                   RunCounters& counters, DivergenceGuard& guard);

/// Whether a checkpoint is one to roll back to: made on schedule, so that a run which was
/// interrupted rolls back to where one that was not would, and with no bound passed.
/// @param state_json  its state.json
bool good_to_return_to(const std::string& state_json);

}  // namespace ebm::training
