#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "ebm/compiled_backend.h"
#include "ebm/objectives/objective_table.h"
#include "ebm/train_options.h"

namespace ebm {
namespace {

constexpr std::size_t kOfItem = 3, kOfBatch = 19, kOfLabels = 4;  // three classes and none

/// E(x, y) = w·x + b + e_y·x, of which all is known, and a batch of it.
class ConditionalObjectivesTest : public testing::Test {
 protected:
  ConditionalObjectivesTest()
      : net_({.name = "projection",
              .input = {kOfItem, 1, 1},
              .layers = {nets::Projection{}},
              .classes = kOfLabels - 1},
             5) {
    std::uint64_t stream = 0;
    for (auto& tensor : net_.tensors()) tensor = draw(tensor.size(), stream++);
    batch_.positives = draw(kOfItem * kOfBatch, stream++);
    batch_.negatives = draw(kOfItem * kOfBatch, stream++);
    batch_.before_last = draw(kOfItem * kOfBatch, stream++);
    batch_.log_noise = draw(2 * kOfBatch, stream++);
    for (std::size_t i = 0; i < kOfBatch; ++i) {
      batch_.positive_context.push_back(static_cast<float>(i * i % kOfLabels));
      batch_.negative_context.push_back(static_cast<float>(i % kOfLabels));
    }
  }
  static std::vector<float> draw(std::size_t n, std::uint64_t stream) {
    base::RandomStream random({.seed = 8}, stream);
    std::vector<float> values(n);
    for (float& value : values) value = static_cast<float>(random.next_normal());
    return values;
  }
  ObjectiveStep step(const TrainOptions& options) {
    const auto net =
        compiled_backend(net_.architecture(), nets::Precision::kFloat32, "net", 2)(net_, {});
    return objective_entry(options.objective).make(options, false)->step(*net, batch_);
  }
  double w(std::size_t d) const { return net_.tensors()[0][d]; }
  double e(std::size_t label, std::size_t d) const {
    return net_.tensors()[2][label * kOfItem + d];
  }
  double energy(const float* x, std::size_t label) const {
    double sum = net_.tensors()[1][0];
    for (std::size_t d = 0; d < kOfItem; ++d) sum += (w(d) + e(label, d)) * double{x[d]};
    return sum;
  }
  /// Compares with Σ c⁺_b·∂E(x⁺_b, y⁺_b) + Σ c⁻_b·∂E(x⁻_b, y⁻_b), and with more of the tables.
  /// @param c  coefficient(row, E) of 2·B rows
  template <class Coefficient>
  void expect_gradient(const ObjectiveStep& found, const Coefficient& c,
                       const std::vector<double>& more = std::vector<double>(kOfLabels *
                                                                             kOfItem)) const {
    std::vector<double> of_table = more, of_weight(kOfItem);
    double of_bias = 0.0;
    for (std::size_t d = 0; d < kOfItem; ++d) {
      for (std::size_t label = 0; label < kOfLabels; ++label) {
        of_weight[d] += more[label * kOfItem + d];  // w and e_y come as their sum
      }
    }
    for (std::size_t row = 0; row < 2 * kOfBatch; ++row) {
      const bool is_data = row < kOfBatch;
      const std::size_t at = is_data ? row : row - kOfBatch;
      const float* x = (is_data ? batch_.positives : batch_.negatives).data() + at * kOfItem;
      const auto label = static_cast<std::size_t>(
          (is_data ? batch_.positive_context : batch_.negative_context)[at]);
      const double value = c(row, energy(x, label));
      EXPECT_NEAR(found.energies[row], energy(x, label), 1e-5) << row;
      of_bias += value;
      for (std::size_t d = 0; d < kOfItem; ++d) {
        of_table[label * kOfItem + d] += value * double{x[d]};
        of_weight[d] += value * double{x[d]};
      }
    }
    for (std::size_t d = 0; d < kOfItem; ++d) {
      EXPECT_NEAR(found.gradient[0][d], of_weight[d], 1e-5);
      for (std::size_t label = 0; label < kOfLabels; ++label) {
        const std::size_t i = label * kOfItem + d;
        EXPECT_NEAR(found.gradient[2][i], of_table[i], 1e-5) << label;
      }
    }
    EXPECT_NEAR(found.gradient[1][0], of_bias, 1e-5);
  }

  training::TrainedNet net_;
  Batch batch_;
};

TEST_F(ConditionalObjectivesTest, ContrastiveDivergenceTakesEachRowAtItsLabel) {
  TrainOptions options;
  options.energy_l2 = 0.3;
  expect_gradient(step(options), [](std::size_t row, double energy) {
    return ((row < kOfBatch ? 1.0 : -1.0) + 2.0 * 0.3 * energy) / kOfBatch;
  });
}

// ∇ₓE(x, y) = w + e_y, whatever x is: v_b = w + e_y of the label y of chain b, and ∂(v_b·∇ₓE) of w
// and of e_y is v_b.
TEST_F(ConditionalObjectivesTest, TheKlTermTakesEachChainAtItsLabel) {
  TrainOptions options;
  options.energy_l2 = 0.3;
  options.kl_weight = 0.7;
  options.step_size = 0.4;
  options.clamp_energy_grad = 0.0;
  std::vector<double> more(kOfLabels * kOfItem);
  for (const float y : batch_.negative_context) {
    const auto label = static_cast<std::size_t>(y);
    for (std::size_t d = 0; d < kOfItem; ++d) {
      more[label * kOfItem + d] -= 0.7 * 0.4 / kOfBatch * (w(d) + e(label, d));
    }
  }
  expect_gradient(
      step(options),
      [](std::size_t row, double energy) {
        return ((row < kOfBatch ? 1.0 : -1.0) + 2.0 * 0.3 * energy) / kOfBatch;
      },
      more);
}

TEST_F(ConditionalObjectivesTest, NoiseContrastiveTrainingTakesEachRowAtItsLabel) {
  TrainOptions options;
  options.objective = ObjectiveKind::kNoiseContrastive;
  expect_gradient(step(options), [&](std::size_t row, double energy) {
    const double h = -energy - double{batch_.log_noise[row]};
    return (row < kOfBatch ? 1.0 / (1.0 + std::exp(h)) : -1.0 / (1.0 + std::exp(-h))) / kOfBatch;
  });
}

}  // namespace
}  // namespace ebm
