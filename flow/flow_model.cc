#include "flow/flow_model.h"

#include "base/error.h"
#include "nets/model_file.h"

namespace ebm::flow {
namespace {

constexpr const char* kArchitecture = "flow";
constexpr const char* kData = "data";

}  // namespace

nets::SafetensorsFile flow_file(const ResidualFlow& flow, const std::string& data) {
  FlowArchitecture architecture = flow.architecture();
  return {.tensors = flow.to_tensor_data(),
          .metadata = {{"format", "pt"},  // what Python loaders ask for
                       {kArchitecture, architecture.table().to_toml()},
                       {kData, data}}};
}

ResidualFlow flow_of(const nets::SafetensorsFile& file, const std::string& origin) {
  const auto found = file.metadata.find(kArchitecture);
  if (found == file.metadata.end()) {
    throw Error(ErrorCode::kBadData, origin + ": its metadata has no " +
                                         std::string(kArchitecture) +
                                         "; expected a model written by ebm flow train");
  }
  return {flow_architecture_from_toml(found->second, origin + " (flow)"), file, origin};
}

ResidualFlow read_flow(const std::filesystem::path& path, const nets::Warn& warn) {
  const nets::ModelFile found = nets::read_model_file(path, warn);
  return flow_of(found.tensors, found.origin);
}

}  // namespace ebm::flow
