#include <string>

#include "base/error.h"
#include "nets/files/checkpoint_folder.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"
#include "training/run_counters.h"

namespace ebm::fuzz {

/// A manifest, an empty line, and a state.
void read_checkpoint(std::string_view bytes) {
  static const ScratchFolder folder;
  const auto end = bytes.find("\n\n");
  const std::string state(end == std::string_view::npos ? bytes : bytes.substr(end + 2));
  training::good_to_return_to(state);
  folder.write("state.json", state);
  folder.write("manifest.json", bytes.substr(0, end));
  training::RunCounters counters{.data_fingerprint = "f"};
  training::DivergenceGuard guard({});
  try {
    training::restore_state({{"state.json", state}}, "run", counters, guard);
    training::restore_state({{"state.json", state_json(counters, guard, true)}}, "run", counters,
                            guard);
  } catch (const Error&) {
    // The manifest is read, whatever the state is.
  }
  nets::read_checkpoint(folder.path());
}

}  // namespace ebm::fuzz
