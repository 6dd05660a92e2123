#pragma once

#include <functional>
#include <string>

#include "base/names/choice.h"

namespace ebm::evaluation {

/// What takes long.
enum class Task {
  kSample,    ///< chains
  kFeatures,  ///< of images
  kLogZ,      ///< annealed importance sampling
};

inline constexpr base::Choice<Task> kTasks[] = {
    {"sample", Task::kSample}, {"features", Task::kFeatures}, {"logz", Task::kLogZ}};

/// How far a call that takes long has come.
struct Progress {
  Task task = Task::kSample;
  std::string phase;               ///< a part of the task, as "burn-in"; may be empty
  double fraction = 0.0;           ///< of the phase that is done, in [0, 1]
  double seconds = 0.0;            ///< since the phase began
  double chain_steps_per_s = 0.0;  ///< in this phase; 0 where no chains move
};

/// Called now and then from the calling thread. What it throws ends the call and reaches its
/// caller. Results do not depend on it.
using OnProgress = std::function<void(const Progress&)>;

}  // namespace ebm::evaluation
