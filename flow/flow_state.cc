#include "flow/flow_state.h"

#include "base/error.h"
#include "flow/flow_model.h"

namespace ebm::flow {

FlowState::FlowState(const FlowOptions& options, const FlowArchitecture& architecture)
    : flow(architecture, static_cast<std::uint64_t>(options.seed)),
      average(architecture, static_cast<std::uint64_t>(options.seed)),
      free(flow),
      adam(flow.names(), free.tensors(), options.adam()),
      guard(options.guard()) {}

nets::CheckpointFiles FlowState::to_files(const std::string& data, bool scheduled) const {
  return {{"model.safetensors", nets::safetensors_bytes(flow_file(average, data))},
          {"weights.safetensors", nets::safetensors_bytes(flow_file(flow, data))},
          {"free_weights.safetensors", nets::safetensors_bytes(free.file(flow))},
          {"norm_vectors.safetensors", nets::safetensors_bytes(flow.norm_vectors())},
          {"optimizer.safetensors", nets::safetensors_bytes(adam.state())},
          {"state.json", training::state_json(counters, guard, scheduled)}};
}

void FlowState::restore(const nets::CheckpointFiles& files, const std::string& origin) {
  const auto tensors = [&](const char* name) {
    return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
  };
  const auto restore_flow = [&](ResidualFlow& to, const char* name) {
    const ResidualFlow read = flow_of(tensors(name), origin + "/" + name);
    if (read.architecture() != to.architecture()) {
      throw Error(ErrorCode::kBadData, origin + "/" + name + ": is of another architecture");
    }
    to.copy_from(read);
  };
  training::restore_state(files, origin, counters, guard);
  restore_flow(flow, "weights.safetensors");
  restore_flow(average, "model.safetensors");
  free.restore(flow, tensors("free_weights.safetensors"), origin + "/free_weights.safetensors");
  flow.restore_norm_vectors(tensors("norm_vectors.safetensors"),
                            origin + "/norm_vectors.safetensors");
  adam.restore(tensors("optimizer.safetensors"), origin + "/optimizer.safetensors");
}

}  // namespace ebm::flow
