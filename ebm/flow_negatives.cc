#include "ebm/flow_negatives.h"

#include <optional>
#include <span>
#include <utility>

#include "base/random.h"
#include "base/require.h"
#include "samplers/chain_driver.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/gradient_flow.h"

namespace ebm {
namespace {

class FlowNegatives : public Negatives {
 public:
  explicit FlowNegatives(const TrainOptions& options)
      : options_(options),
        flow_steps_(samplers::GradientFlowOptions{
            .step_size = base::to_float("step_size", options.step_size)}
                        .flow_steps()) {}

  void draw(const EvaluatedNet& net, const training::RunCounters& at, Batch& batch) override {
    batch.negatives.clear();
    batch.negative_context.clear();
    if (at.iteration < options_.contrast_begin()) return;
    batch.negatives = batch.positives;
    batch.negative_context = batch.positive_context;
    const std::size_t n = static_cast<std::size_t>(options_.batch_size), of_data = n / 2;
    const std::size_t dim = batch.positives.size() / n, width = batch.positive_context.size() / n;
    const std::span<float> chains(batch.negatives);
    const std::span<const float> context(batch.negative_context);
    const std::size_t first = of_data * dim;
    // Chains of other iterations have other numbers.
    const auto id = static_cast<std::uint64_t>(at.iteration * options_.batch_size);
    const auto key_of = [&](base::Domain domain) {
      return base::RandomKey{static_cast<std::uint64_t>(options_.seed), domain, at.generation()};
    };
    // Other noise than the x₀ of the regression, as in the authors' code.
    samplers::draw_initial_states(key_of(base::Domain::kChainInit), id + of_data,
                                  static_cast<std::int64_t>(dim), std::nullopt,
                                  chains.subspan(first));
    const base::RandomKey key = key_of(base::Domain::kChainNoise);
    samplers::ChainDriver& driver = net.chain_driver();
    driver.advance(chains.first(first), {.n_steps = options_.sample_steps,
                                         .first_step = static_cast<std::uint64_t>(flow_steps_),
                                         .first_chain_id = id,
                                         .key = key,
                                         .context = context.first(of_data * width)});
    driver.advance(chains.subspan(first), {.n_steps = options_.sample_steps,
                                           .first_chain_id = id + of_data,
                                           .key = key,
                                           .context = context.subspan(of_data * width)});
  }

  void add_to(nets::UnwrittenFiles& /*files*/) const override {}
  void restore(const nets::CheckpointFiles& /*files*/, const std::string& /*origin*/) override {}
  void start_afresh() override {}
  training::Learner::Work work() const override {
    return {"images_per_s", static_cast<double>(options_.batch_size)};
  }

 private:
  TrainOptions options_;
  std::int64_t flow_steps_;
};

}  // namespace

std::unique_ptr<Negatives> flow_negatives(const TrainOptions& options) {
  return std::make_unique<FlowNegatives>(options);
}

}  // namespace ebm
