#include "flow/flow_noise.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <vector>

#include "base/error.h"
#include "flow/density_gradient.h"
#include "flow/flow_model.h"
#include "flow/flow_options.h"
#include "flow/flow_sampler.h"
#include "flow/flow_score.h"
#include "flow/free_weights.h"
#include "nets/files/safetensors.h"
#include "training/adam.h"

namespace ebm::app {
namespace {

/// On the inverse of a block: far below a grey level of 2/256.
constexpr double kTolerance = 1e-4;
constexpr const char* kFreeFile = "noise_free_weights.safetensors";
constexpr const char* kVectorsFile = "noise_norm_vectors.safetensors";
constexpr const char* kOptimizerFile = "noise_optimizer.safetensors";

class FlowNoise : public LearnedNoise {
 public:
  FlowNoise(const flow::ResidualFlow& flow, const std::string& data, int n_threads)
      : first_(flow), data_(data), n_threads_(n_threads), state_(flow) {}

  std::int64_t dim() const override { return first_.architecture().item.size(); }

  void draw(const base::RandomKey& key, std::uint64_t first, std::span<float> rows) const override {
    const std::atomic<int> never{0};
    const auto n = static_cast<std::int64_t>(rows.size()) / dim();
    const auto samples =
        flow::draw_samples(state_.frozen, n, 1.0, key, first, kTolerance, n_threads_, never);
    std::copy(samples->rows.begin(), samples->rows.end(), rows.begin());
  }

  void log_density(std::span<const float> rows, std::span<float> values) const override {
    const std::atomic<int> never{0};
    const auto log_p = flow::log_densities(state_.frozen, rows, {.n_threads = n_threads_}, never);
    std::transform(log_p->begin(), log_p->end(), values.begin(),
                   [](double value) { return static_cast<float>(value); });
  }

  double ascend(std::span<const float> rows, std::span<const float> weights, double learning_rate,
                std::int64_t iteration, const base::RandomKey& key) override {
    flow::FlowOptions options;
    options.seed = static_cast<std::int64_t>(key.seed);
    const std::vector<double> terms = options.term_weights(iteration, key.generation);
    const auto n = static_cast<std::int64_t>(weights.size());
    // The optimiser descends.
    std::vector<float> down(weights.size());
    std::transform(weights.begin(), weights.end(), down.begin(), std::negate<>());
    flow::DensityGradient found =
        flow::density_gradient(state_.flow, rows, down,
                               {.key = {key.seed, base::Domain::kNoiseProbe, key.generation},
                                .first_stream = static_cast<std::uint64_t>(iteration * n),
                                .weights = terms},
                               n_threads_);
    state_.free.pull_back(state_.flow, found.gradient);
    const double norm = training::gradient_norm(found.gradient);
    if (!std::isfinite(norm)) return norm;
    training::clip_gradient(found.gradient, norm, options.clip_grad_norm);
    state_.adam.step(found.gradient, learning_rate);
    state_.free.hold(state_.flow, static_cast<int>(options.norm_iterations));
    state_.frozen = state_.flow.frozen(torch::kFloat32);
    return norm;
  }

  void add_to(nets::CheckpointFiles& files) const override {
    files[kNoiseFile] = nets::safetensors_bytes(flow::flow_file(state_.flow, data_));
    files[kFreeFile] = nets::safetensors_bytes(state_.free.file(state_.flow));
    files[kVectorsFile] = nets::safetensors_bytes(state_.flow.norm_vectors());
    files[kOptimizerFile] = nets::safetensors_bytes(state_.adam.state());
  }

  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    const auto tensors = [&](const char* name) {
      return nets::parse_safetensors(nets::file_of(files, name, origin), origin + "/" + name);
    };
    const flow::ResidualFlow saved = flow::flow_of(tensors(kNoiseFile), origin + "/" + kNoiseFile);
    if (saved.architecture() != first_.architecture()) {
      throw Error(ErrorCode::kBadData, origin + "/" + kNoiseFile + ": is of another architecture");
    }
    state_ = State(saved);
    state_.free.restore(state_.flow, tensors(kFreeFile), origin + "/" + kFreeFile);
    state_.flow.restore_norm_vectors(tensors(kVectorsFile), origin + "/" + kVectorsFile);
    state_.adam.restore(tensors(kOptimizerFile), origin + "/" + kOptimizerFile);
  }

  void start_afresh() override { state_ = State(first_); }

 private:
  /// What a step changes.
  struct State {
    explicit State(const flow::ResidualFlow& from)
        : flow(from.architecture(), {.tensors = from.to_tensor_data(), .metadata = {}}, "noise"),
          free(flow),
          frozen(flow.frozen(torch::kFloat32)),
          adam(flow.names(), free.tensors(), flow::FlowOptions().adam()) {}

    flow::ResidualFlow flow;    // in training
    flow::FreeWeights free;     // what Adam steps
    flow::ResidualFlow frozen;  // the same, to draw from and to score with
    training::Adam adam;
  };

  flow::ResidualFlow first_;
  std::string data_;
  int n_threads_;
  State state_;
};

}  // namespace

std::unique_ptr<LearnedNoise> flow_noise(const flow::ResidualFlow& flow, const std::string& data,
                                         int n_threads) {
  return std::make_unique<FlowNoise>(flow, data, n_threads);
}

}  // namespace ebm::app
