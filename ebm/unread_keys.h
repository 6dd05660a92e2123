#pragma once

#include <string>
#include <vector>

#include "training/config_table.h"

namespace ebm {

struct TrainOptions;

/// A key that a run does not read.
struct UnreadKey {
  std::string name;
  std::string reason;  ///< " with objective = dsm", as the end of a sentence
};

/// The keys that a run with these options does not read: those of other objectives
/// (ObjectiveEntry::reads), and those whose part is switched off.
std::vector<UnreadKey> unread_keys(const TrainOptions& options);

/// Refuses such keys where they were given, so that nothing is ignored in silence: by an argument,
/// or in a configuration file or a program with a value that runs of the objective do not have by
/// themselves, with images or with toys. Those of a run that goes on, of which an older version
/// recorded every key, get the value that they have by themselves.
/// @param options  after take_defaults()
/// @param table    that says what set them
/// @throws Error(kUsage) naming the key, its value and why it has no effect.
void refuse_unread_keys(TrainOptions& options, const training::ConfigTable& table);

}  // namespace ebm
