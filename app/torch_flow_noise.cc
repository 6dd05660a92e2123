#include "app/torch_flow_noise.h"

#include <algorithm>
#include <atomic>

#include "flow/flow_sampler.h"
#include "flow/flow_score.h"

namespace ebm::app {
namespace {

/// On the inverse of a block: far below a grey level of 2/256.
constexpr double kTolerance = 1e-4;

class FlowNoise : public NoiseDistribution {
 public:
  FlowNoise(const flow::ResidualFlow& flow, int n_threads)
      : flow_(flow.frozen(torch::kFloat32)), n_threads_(n_threads) {}

  std::int64_t dim() const override { return flow_.architecture().item.size(); }

  void draw(const base::RandomKey& key, std::uint64_t first, std::span<float> rows) const override {
    const std::atomic<int> never{0};
    const auto n = static_cast<std::int64_t>(rows.size()) / dim();
    const auto samples =
        flow::draw_samples(flow_, n, 1.0, key, first, kTolerance, n_threads_, never);
    std::copy(samples->rows.begin(), samples->rows.end(), rows.begin());
  }

  void log_density(std::span<const float> rows, std::span<float> values) const override {
    const std::atomic<int> never{0};
    const auto log_p = flow::log_densities(flow_, rows, {.n_threads = n_threads_}, never);
    std::transform(log_p->begin(), log_p->end(), values.begin(),
                   [](double value) { return static_cast<float>(value); });
  }

 private:
  flow::ResidualFlow flow_;
  int n_threads_;
};

}  // namespace

std::unique_ptr<const NoiseDistribution> flow_noise(const flow::ResidualFlow& flow, int n_threads) {
  return std::make_unique<FlowNoise>(flow, n_threads);
}

}  // namespace ebm::app
