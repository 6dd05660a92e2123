#include "flow/flow_model.h"

#include "base/error.h"

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

FlowArchitecture flow_architecture_of(const nets::SafetensorsFile& file,
                                      const std::string& origin) {
  const auto found = file.metadata.find(kArchitecture);
  if (found == file.metadata.end()) {
    throw Error(ErrorCode::kBadData, origin + ": its metadata has no " +
                                         std::string(kArchitecture) +
                                         "; expected a model written by ebm flow train");
  }
  return flow_architecture_from_toml(found->second, origin + " (flow)");
}

ResidualFlow flow_of(const nets::SafetensorsFile& file, const std::string& origin) {
  return {flow_architecture_of(file, origin), file, origin};
}

}  // namespace ebm::flow
