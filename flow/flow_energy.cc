#include "flow/flow_energy.h"

#include <algorithm>

#include "base/require.h"
#include "flow/log_determinant.h"
#include "torch_nets/lane_rows.h"

namespace ebm::flow {
namespace {
using samplers::kLanes;

class FlowEvaluator : public samplers::Evaluator {
 public:
  FlowEvaluator(const ResidualFlow& flow, const FlowEnergyOptions& options, bool is_exact,
                std::int64_t max_blocks)
      : flow_(flow),
        is_exact_(is_exact),
        n_terms_(options.terms),
        rows_(torch::empty({max_blocks * kLanes, flow.architecture().item.size()})) {
    if (is_exact) return;
    std::uint64_t word = 0;
    for (std::int64_t block = 0; block < flow.architecture().n_blocks(); ++block) {
      const nets::Shape shape = flow.architecture().shape_at(block);
      const std::int64_t sizes[] = {1, shape.channels, shape.height, shape.width};
      probes_.push_back(draw_probes({options.seed, base::Domain::kProbe}, 0, sizes, word));
    }
  }

  void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const torch::AutoGradMode with_grad(true);
    const std::int64_t dim = rows_.size(1);
    const auto x = rows_.narrow(0, 0, chains.n_blocks * kLanes).detach();
    torch_nets::lanes_to_rows(chains.x.data(), chains.n_blocks, dim, x.data_ptr<float>());
    x.requires_grad_(true);
    const auto energies = -flow_.log_density(
        x, [&](std::int64_t block, const torch::Tensor& at, const torch::Tensor& g) {
          if (is_exact_) return exact_log_det(at, g, true);
          return series_log_det(at, g, probes_[static_cast<std::size_t>(block)].expand_as(at),
                                n_terms_, true);
        });
    const auto grad = torch::autograd::grad({energies.sum()}, {x})[0].contiguous();
    const auto values = energies.detach().contiguous();
    std::copy_n(values.data_ptr<float>(), energy.size(), energy.data());
    torch_nets::rows_to_lanes(grad.data_ptr<float>(), chains.n_blocks, dim, energy_grad.data());
  }

 private:
  const ResidualFlow& flow_;
  bool is_exact_;
  std::int64_t n_terms_;
  std::vector<torch::Tensor> probes_;
  torch::Tensor rows_;
};

}  // namespace

FlowEnergy::FlowEnergy(const ResidualFlow& flow, const FlowEnergyOptions& options)
    : flow_(flow.frozen(torch::kFloat32)), options_(options) {
  base::require_at_least("terms", options.terms, 1);
}

std::unique_ptr<samplers::Evaluator> FlowEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<FlowEvaluator>(flow_, options_, is_exact(), max_blocks);
}

}  // namespace ebm::flow
