#include "flow/flow_in_training.h"

#include <utility>

#include "base/error.h"
#include "flow/flow_model.h"
#include "nets/files/safetensors.h"
#include "torch_nets/tensor_views.h"

namespace ebm::flow {
namespace {

constexpr const char* kFreeWeights = "free_weights.safetensors";
constexpr const char* kNormVectors = "norm_vectors.safetensors";
constexpr const char* kOptimizer = "optimizer.safetensors";

nets::SafetensorsFile tensors_of(const nets::CheckpointFiles& files, const std::string& name,
                                 const std::string& origin) {
  return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
}

}  // namespace

FlowInTraining::FlowInTraining(ResidualFlow flow, const FlowOptions& options)
    : flow_(std::move(flow)),
      free_(flow_),
      adam_(torch_nets::trained_tensors(flow_.names(), free_.tensors()), options.adam()),
      clip_grad_norm_(options.clip_grad_norm),
      norm_iterations_(static_cast<int>(options.norm_iterations)) {}

double FlowInTraining::backward(std::vector<torch::Tensor>& gradient) const {
  free_.backward(flow_, gradient);
  return training::gradient_norm(torch_nets::views_of(gradient));
}

void FlowInTraining::step(std::vector<torch::Tensor>& gradient, double norm, double learning_rate,
                          int n_threads) {
  const training::TensorViews views = torch_nets::views_of(gradient);
  training::clip_gradient(views, norm, clip_grad_norm_);
  adam_.step(views, learning_rate);
  free_.project(flow_, norm_iterations_, n_threads);
}

void FlowInTraining::add_to(nets::CheckpointFiles& files, const std::string& weights,
                            const std::string& prefix, const std::string& data) const {
  files[weights] = nets::safetensors_bytes(flow_file(flow_, data));
  files[prefix + kFreeWeights] = nets::safetensors_bytes(free_.file(flow_));
  files[prefix + kNormVectors] = nets::safetensors_bytes(flow_.norm_vectors());
  files[prefix + kOptimizer] = nets::safetensors_bytes(adam_.state());
}

void FlowInTraining::restore(const nets::CheckpointFiles& files, const std::string& weights,
                             const std::string& prefix, const std::string& origin) {
  const std::string folder = origin + "/";
  restore_flow(files, weights, origin, flow_);
  free_.restore(flow_, tensors_of(files, prefix + kFreeWeights, origin),
                folder + prefix + kFreeWeights);
  flow_.restore_norm_vectors(tensors_of(files, prefix + kNormVectors, origin),
                             folder + prefix + kNormVectors);
  adam_.restore(tensors_of(files, prefix + kOptimizer, origin), folder + prefix + kOptimizer);
}

void restore_flow(const nets::CheckpointFiles& files, const std::string& name,
                  const std::string& origin, ResidualFlow& to) {
  const std::string path = origin + "/" + name;
  const nets::SafetensorsFile file = tensors_of(files, name, origin);
  if (flow_architecture_of(file, path) != to.architecture()) {
    throw Error(ErrorCode::kBadData, path + ": is of another architecture");
  }
  to.copy_from(file, path);
}

}  // namespace ebm::flow
