#include "ebm/objectives/denoising_score_matching.h"

#include <string>
#include <utility>
#include <vector>

#include "ebm/objectives/level_objective.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

class DenoisingScoreMatching : public LevelObjective {
 public:
  explicit DenoisingScoreMatching(const TrainOptions& options)
      : LevelObjective(options, options.noise_sd_max > 0.0
                                    ? LevelRange{options.noise_sd_min, options.noise_sd_max}
                                    : LevelRange{options.noise_sd, options.noise_sd}) {}

 private:
  std::string missing_levels() const override {
    return levels().highest > 0.0 ? "" : "needs noise_sd, or noise_sd_min and noise_sd_max";
  }
  ObjectiveStep step_of(const EvaluatedNet& net, const NoisyRows& rows,
                        double data_sd) const override {
    return denoising_score_matching(net, rows, data_sd);
  }
};

}  // namespace

ObjectiveStep denoising_score_matching(const EvaluatedNet& net, const NoisyRows& rows,
                                       double data_sd) {
  const std::size_t n = rows.levels.size(), dim = rows.normals.size() / n;
  std::vector<float> inputs(rows.x.begin(), rows.x.end());
  std::vector<LevelForm> forms;
  for (std::size_t b = 0; b < n; ++b) {
    forms.push_back(level_form(double{rows.levels[b]}, data_sd));
    for (std::size_t at = b * dim; at < (b + 1) * dim; ++at) {
      inputs[at] *= static_cast<float>(forms[b].c);
    }
  }
  std::vector<double> losses(n);
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    const auto b = static_cast<std::size_t>(row);
    const double sigma = double{rows.levels[b]}, slope = forms[b].scale * forms[b].c;
    for (std::size_t i = 0; i < dim; ++i) {
      const std::size_t at = b * dim + i;
      const double energy_grad = slope * double{grad[i]} + forms[b].precision * double{rows.x[at]};
      const double residual = sigma * energy_grad - double{rows.normals[at]};
      losses[b] += 0.5 * residual * residual;
      v[i] = static_cast<float>(sigma * slope * residual / static_cast<double>(n));
    }
  };
  WeightGradient result = net.mixed_gradient({inputs, rows.context}, direction);
  ObjectiveStep found;
  for (std::size_t b = 0; b < n; ++b) {
    double squares = 0.0;
    for (const float x : rows.x.subspan(b * dim, dim)) squares += double{x} * double{x};
    const double energy =
        forms[b].scale * double{result.energies[b]} + 0.5 * forms[b].precision * squares;
    result.energies[b] = static_cast<float>(energy);
    found.energy_data += energy / static_cast<double>(n);
    found.loss += losses[b] / static_cast<double>(n);
  }
  found.gradient = std::move(result.gradient);
  found.energies = std::move(result.energies);
  return found;
}

std::unique_ptr<const Objective> make_denoising_score_matching(const TrainOptions& options,
                                                               bool /*is_image*/) {
  return std::make_unique<DenoisingScoreMatching>(options);
}

}  // namespace ebm
