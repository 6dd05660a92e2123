#include "flow/flow_noise.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <vector>

#include "flow/density_gradient.h"
#include "flow/flow_in_training.h"
#include "flow/flow_options.h"
#include "flow/flow_sampler.h"
#include "flow/flow_score.h"

namespace ebm::flow {
namespace {

/// On the inverse of a block: far below a grey level of 2/256.
constexpr double kTolerance = 1e-4;
constexpr const char* kFilePrefix = "noise_";

/// The same flow with tensors of its own, to be trained.
ResidualFlow trainable_copy(const ResidualFlow& flow) {
  return {flow.architecture(), {.tensors = flow.to_tensor_data(), .metadata = {}}, "noise"};
}

class FlowNoise : public training::NoiseDistribution {
 public:
  FlowNoise(const ResidualFlow& flow, const std::string& data, int n_threads)
      : first_(flow),
        data_(data),
        n_threads_(n_threads),
        learner_(trainable_copy(flow), options_),
        frozen_(learner_.flow().frozen(torch::kFloat32)) {}

  std::int64_t dim() const override { return first_.architecture().item.size(); }

  void draw(const base::RandomKey& key, std::uint64_t first, std::span<float> rows) const override {
    const std::atomic<int> never{0};
    const auto n = static_cast<std::int64_t>(rows.size()) / dim();
    const auto samples = draw_samples(frozen_, n, 1.0, key, first, kTolerance, n_threads_, never);
    std::copy(samples->rows.begin(), samples->rows.end(), rows.begin());
  }

  void log_density(std::span<const float> rows, std::span<float> values) const override {
    const std::atomic<int> never{0};
    const auto log_p = log_densities(frozen_, rows, {.n_threads = n_threads_}, never);
    std::transform(log_p->begin(), log_p->end(), values.begin(),
                   [](double value) { return static_cast<float>(value); });
  }

  bool can_learn() const override { return true; }

  double ascend(std::span<const float> rows, std::span<const float> weights, double learning_rate,
                std::int64_t iteration, const base::RandomKey& key) override {
    FlowOptions options;
    options.seed = static_cast<std::int64_t>(key.seed);
    const std::vector<double> terms = options.term_weights(iteration, key.generation);
    const auto n = static_cast<std::int64_t>(weights.size());
    // The optimiser descends.
    std::vector<float> down(weights.size());
    std::transform(weights.begin(), weights.end(), down.begin(), std::negate<>());
    DensityGradient found =
        density_gradient(learner_.flow(), rows, down,
                         {.key = {key.seed, base::Domain::kNoiseProbe, key.generation},
                          .first_stream = static_cast<std::uint64_t>(iteration * n),
                          .weights = terms},
                         n_threads_);
    const double norm = learner_.backward(found.gradient);
    if (!std::isfinite(norm)) return norm;
    learner_.step(found.gradient, norm, learning_rate, n_threads_);
    frozen_ = learner_.flow().frozen(torch::kFloat32);
    return norm;
  }

  void add_to(nets::CheckpointFiles& files) const override {
    learner_.add_to(files, training::kNoiseFile, kFilePrefix, data_);
  }

  void restore(const nets::CheckpointFiles& files, const std::string& origin) override {
    learner_.restore(files, training::kNoiseFile, kFilePrefix, origin);
    frozen_ = learner_.flow().frozen(torch::kFloat32);
  }

  void start_afresh() override {
    learner_ = FlowInTraining(trainable_copy(first_), options_);
    frozen_ = learner_.flow().frozen(torch::kFloat32);
  }

 private:
  FlowOptions options_;
  ResidualFlow first_;
  std::string data_;
  int n_threads_;
  FlowInTraining learner_;
  ResidualFlow frozen_;  // the same, to draw from and to score with
};

}  // namespace

std::unique_ptr<training::NoiseDistribution> flow_noise(const ResidualFlow& flow,
                                                        const std::string& data, int n_threads) {
  return std::make_unique<FlowNoise>(flow, data, n_threads);
}

}  // namespace ebm::flow
