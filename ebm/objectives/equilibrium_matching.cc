#include "ebm/objectives/equilibrium_matching.h"

#include <algorithm>
#include <vector>

#include "base/require.h"
#include "ebm/line_regression.h"
#include "ebm/train_options.h"
#include "nets/architecture/smoothness.h"

namespace ebm {
namespace {

class EquilibriumMatching : public Objective {
 public:
  explicit EquilibriumMatching(const TrainOptions& options)
      : momentum_(base::to_float("momentum", options.momentum)) {}
  Needs needs() const override {
    return {.negatives = NegativeSource::kNone, .normals = 1, .uniforms = 1};
  }
  void require_fitting(const nets::Architecture& net) const override {
    nets::require_smooth(net, "objective = equilibrium");
  }
  nets::SamplerRecipe recipe(nets::SamplerRecipe langevin) const override {
    langevin.sampler = samplers::SamplerKind::kNesterov;
    langevin.langevin.noise_scale = 0.0f;
    langevin.langevin.clamp_energy_grad.reset();
    langevin.momentum = momentum_;
    langevin.start_sd = 1.0f;
    return langevin;
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    ObjectiveStep found =
        equilibrium_matching(net, batch.positive_rows(), batch.normals, batch.uniforms);
    found.energies.clear();
    record_energies_of_ends(net, batch, found);
    return found;
  }
  std::vector<const char*> own_columns() const override { return {"energy_noise"}; }

 private:
  float momentum_;
};

}  // namespace

double equilibrium_slope(double gamma) { return 4.0 * std::min(1.0, (1.0 - gamma) / 0.2); }

ObjectiveStep equilibrium_matching(const EvaluatedNet& net, const nets::Rows& data,
                                   std::span<const float> noise, std::span<const float> gammas) {
  std::vector<double> factors;
  for (const float gamma : gammas) factors.push_back(equilibrium_slope(double{gamma}));
  return line_regression(net, data, noise, gammas, factors);
}

std::unique_ptr<const Objective> make_equilibrium_matching(const TrainOptions& options,
                                                           bool /*is_image*/) {
  return std::make_unique<EquilibriumMatching>(options);
}

}  // namespace ebm
