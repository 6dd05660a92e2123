#include "ebm/objectives/sliced_score_matching.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "ebm/train_options.h"
#include "nets/architecture/layer_tree.h"
#include "nets/architecture/smoothness.h"

namespace ebm {
namespace {

class SlicedScoreMatching : public Objective {
 public:
  Needs needs() const override { return {.negatives = NegativeSource::kNone, .normals = 1}; }
  void require_fitting(const nets::Architecture& net) const override {
    const std::string setting = "objective = ssm";
    nets::require_smooth(net, setting, nets::Smoothness::kSecond);
    const std::string why = ", of which no gradient of second derivatives is compiled; use ";
    if (nets::has_kind<nets::ClassLogits>(net.layers)) {
      throw Error(ErrorCode::kUsage, setting + ": needs a network without class_logits" + why +
                                         "condition_by = film or projection");
    }
    if (nets::has_kind<nets::InputEnergy>(net.layers)) {
      throw Error(ErrorCode::kUsage,
                  setting + ": needs a network without inner_product and squared_distance" + why +
                      "another network, as uva or mlp-silu");
    }
  }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    return sliced_score_matching(net, batch.positive_rows(), batch.normals);
  }
};

}  // namespace

ObjectiveStep sliced_score_matching(const EvaluatedNet& net, const nets::Rows& rows,
                                    std::span<const float> normals) {
  const auto dim = static_cast<std::size_t>(net.architecture().input.size());
  const std::size_t n = rows.x.size() / dim;
  const double share = 1.0 / static_cast<double>(n);
  CurvatureGradient curved = net.curvature_gradient(rows, normals, static_cast<float>(-share));
  std::vector<double> squares(n);
  const auto direction = [&](std::int64_t row, std::span<const float> grad, std::span<float> v) {
    for (std::size_t i = 0; i < dim; ++i) {
      squares[static_cast<std::size_t>(row)] += double{grad[i]} * double{grad[i]};
      v[i] = static_cast<float>(share * double{grad[i]});
    }
  };
  ObjectiveStep found{.gradient = std::move(curved.gradient),
                      .energies = std::move(curved.energies)};
  add_to(found.gradient, net.mixed_gradient(rows, direction));
  for (std::size_t b = 0; b < n; ++b) {
    found.energy_data += share * double{found.energies[b]};
    found.loss += share * (0.5 * squares[b] - double{curved.curvatures[b]});
  }
  return found;
}

std::unique_ptr<const Objective> make_sliced_score_matching(const TrainOptions& /*options*/,
                                                            bool /*is_image*/) {
  return std::make_unique<SlicedScoreMatching>();
}

}  // namespace ebm
