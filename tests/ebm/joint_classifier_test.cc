#include "ebm/joint_classifier.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "ebm/compiled_backend.h"
#include "nets/architecture/with_classes.h"

namespace ebm {
namespace {

constexpr std::int64_t kThreeClasses = 3, kItemDim = 4, kImages = 21;
constexpr double kWeight = 0.7;

std::vector<float> drawn_values(std::size_t n, std::uint64_t stream) {
  base::RandomStream random({.seed = 3}, stream);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(random.next_normal());
  return values;
}

/// A network with drawn weights, 21 rows and their labels, and the term of them.
struct ClassifierCase {
  explicit ClassifierCase(nets::Architecture architecture)
      : net(std::move(architecture), 5),
        rows(drawn_values(kItemDim * kImages, 1)),
        backend(compiled_backend(net.architecture(), nets::Precision::kFloat32, "net", 2)),
        evaluated(backend(net, {})) {
    for (std::size_t i = 0; i < net.tensors().size(); ++i) {
      const auto drawn = drawn_values(net.tensors()[i].size(), 10 + i);
      for (std::size_t j = 0; j < drawn.size(); ++j) net.tensors()[i][j] = 0.5f * drawn[j];
      gradient.emplace_back(drawn.size(), 1.0f);  // to which the term is added
    }
    for (std::int64_t i = 0; i < kImages; ++i) {
      labels.push_back(static_cast<std::int32_t>(i * 7 % 3));
    }
  }
  ClassifierLoss term() {
    evaluated->update();
    return add_classifier_term(*evaluated, rows, labels, kWeight, true, gradient);
  }
  std::span<float> tensor(std::size_t i) { return net.tensors()[i]; }

  training::TrainedNet net;
  std::vector<float> rows;
  std::vector<std::int32_t> labels;
  NetBackend backend;
  std::unique_ptr<EvaluatedNet> evaluated;
  std::vector<std::vector<float>> gradient;
};

/// Cross-entropy, accuracy and ∂ of the logits s_bk [B, K] of each image, in double precision:
/// ∂/∂s_bk = (p_bk − 1[k = y_b])/B.
struct SoftmaxReference {
  SoftmaxReference(const std::vector<double>& logits, const std::vector<std::int32_t>& labels) {
    const std::size_t n_classes = logits.size() / labels.size();
    for (std::size_t b = 0; b < labels.size(); ++b) {
      const double* s = logits.data() + b * n_classes;
      const auto y = static_cast<std::size_t>(labels[b]);
      double sum = 0.0;
      for (std::size_t k = 0; k < n_classes; ++k) sum += std::exp(s[k]);
      cross_entropy += (std::log(sum) - s[y]) / kImages;
      bool is_right = true;
      for (std::size_t k = 0; k < n_classes; ++k) {
        derivative.push_back((std::exp(s[k]) / sum - (k == y ? 1.0 : 0.0)) / kImages);
        is_right = is_right && s[y] >= s[k];
      }
      accuracy += is_right ? 1.0 / kImages : 0.0;
    }
  }
  double cross_entropy = 0.0, accuracy = 0.0;
  std::vector<double> derivative;  // [B, K]
};

// logits = Wx + b: ∂W_kd = Σ_b ∂s_bk·x_bd, ∂b_k = Σ_b ∂s_bk.
TEST(JointClassifierTest, LogitsHaveTheGradientOfLogisticRegression) {
  ClassifierCase c({.name = "logits",
                    .input = {kItemDim, 1, 1},
                    .layers = {nets::Linear{.out_features = kThreeClasses}, nets::ClassLogits{}},
                    .classes = kThreeClasses});
  std::vector<double> logits;
  for (std::size_t b = 0; b < kImages; ++b) {
    for (std::size_t k = 0; k < kThreeClasses; ++k) {
      double s = c.tensor(1)[k];
      for (std::size_t d = 0; d < kItemDim; ++d) {
        s += double{c.tensor(0)[k * kItemDim + d]} * double{c.rows[b * kItemDim + d]};
      }
      logits.push_back(s);
    }
  }
  const SoftmaxReference expected(logits, c.labels);
  const ClassifierLoss found = c.term();
  EXPECT_NEAR(found.cross_entropy, expected.cross_entropy, 1e-5);
  EXPECT_NEAR(found.accuracy.value(), expected.accuracy, 1e-9);
  for (std::size_t k = 0; k < kThreeClasses; ++k) {
    double of_bias = 0.0;
    for (std::size_t d = 0; d < kItemDim; ++d) {
      double of_weight = 0.0;
      for (std::size_t b = 0; b < kImages; ++b) {
        of_weight += expected.derivative[b * kThreeClasses + k] * double{c.rows[b * kItemDim + d]};
        if (d == 0) of_bias += expected.derivative[b * kThreeClasses + k];
      }
      EXPECT_NEAR(c.gradient[0][k * kItemDim + d], 1.0 + kWeight * of_weight, 1e-5);
    }
    EXPECT_NEAR(c.gradient[1][k], 1.0 + kWeight * of_bias, 1e-5);
  }
}

// E(x, k) = w·x + b + e_k·x, so that s_bk = −e_k·x_b: ∂e_kd = −Σ_b ∂s_bk·x_bd. w and b are those of
// all classes and have none; nor has the row of "none".
// 700 classes take a piece for each image.
TEST(JointClassifierTest, AProjectionHasTheGradientOfItsRows) {
  for (const std::int64_t n_classes : {3, 700}) {
    const auto n_rows = static_cast<std::size_t>(n_classes);
    ClassifierCase c({.name = "projection",
                      .input = {kItemDim, 1, 1},
                      .layers = {nets::Projection{}},
                      .classes = n_classes});
    ASSERT_EQ(c.net.specs().size(), 3u);
    std::vector<double> logits;
    for (std::size_t b = 0; b < kImages; ++b) {
      for (std::size_t k = 0; k < n_rows; ++k) {
        double s = 0.0;
        for (std::size_t d = 0; d < kItemDim; ++d) {
          s -= double{c.tensor(2)[k * kItemDim + d]} * double{c.rows[b * kItemDim + d]};
        }
        logits.push_back(s);
      }
    }
    const SoftmaxReference expected(logits, c.labels);
    const ClassifierLoss found = c.term();
    EXPECT_NEAR(found.cross_entropy, expected.cross_entropy, 1e-5);
    EXPECT_NEAR(found.accuracy.value(), expected.accuracy, 1e-9);
    for (std::size_t d = 0; d < kItemDim; ++d) {
      for (std::size_t k = 0; k < n_rows; ++k) {
        double of_row = 0.0;
        for (std::size_t b = 0; b < kImages; ++b) {
          of_row -= expected.derivative[b * n_rows + k] * double{c.rows[b * kItemDim + d]};
        }
        EXPECT_NEAR(c.gradient[2][k * kItemDim + d], 1.0 + kWeight * of_row, 1e-5);
      }
      EXPECT_EQ(c.gradient[2][n_rows * kItemDim + d], 1.0f);
      EXPECT_NEAR(c.gradient[0][d], 1.0, 1e-5);
    }
    EXPECT_NEAR(c.gradient[1][0], 1.0, 1e-5);
  }
}

// Central differences of the cross-entropy itself, h = 10⁻²: an error of h²·f'''/6 and of rounding,
// 10⁻⁶/h.
TEST(JointClassifierTest, TheGradientIsTheSlopeOfTheCrossEntropy) {
  const nets::Architecture plain{.name = "net",
                                 .input = {kItemDim, 1, 1},
                                 .layers = {nets::Linear{.out_features = 6}, nets::Activation{},
                                            nets::Linear{.out_features = 1}}};
  std::vector<nets::Architecture> all;
  for (const auto how : {nets::ClassCondition::kFilm, nets::ClassCondition::kProjection,
                         nets::ClassCondition::kLogits}) {
    all.push_back(nets::with_classes(plain, kThreeClasses, how));
  }
  // E(x, none) is not the marginal where a layer before the logits reads the label, too.
  all.push_back(all.back());
  all.back().layers.insert(all.back().layers.begin() + 1, nets::Film{});
  for (std::size_t at = 0; at < all.size(); ++at) {
    ClassifierCase c(all[at]);
    const ClassifierLoss loss = c.term();
    const auto gradient = c.gradient;
    for (std::size_t i = 0; i < c.net.tensors().size(); ++i) {
      for (std::size_t j = 0; j < c.tensor(i).size(); j += 5) {
        const float value = c.tensor(i)[j], h = 0.01f;
        double slope = 0.0;
        for (const float sign : {1.0f, -1.0f}) {
          c.tensor(i)[j] = value + sign * h;
          slope += double{sign} * c.term().cross_entropy / (2.0 * double{h});
        }
        c.tensor(i)[j] = value;
        EXPECT_NEAR(gradient[i][j], 1.0 + kWeight * slope, 1e-3)
            << at << " " << c.net.specs()[i].name << " " << j;
      }
    }
    EXPECT_GT(loss.cross_entropy, 0.1);
    // And the cross-entropy is that of the K energies.
    c.evaluated->update();
    std::vector<double> logits(kImages * kThreeClasses);
    for (std::size_t k = 0; k < kThreeClasses; ++k) {
      const std::vector<float> label(kImages, static_cast<float>(k));
      const auto energies = c.evaluated->energy_gradients({c.rows, label}).energies;
      for (std::size_t b = 0; b < kImages; ++b) {
        logits[b * kThreeClasses + k] = -double{energies[b]};
      }
    }
    EXPECT_NEAR(loss.cross_entropy, SoftmaxReference(logits, c.labels).cross_entropy, 1e-5) << at;
  }
}

// exp(−800) is 0 in double precision, and its logarithm is no number.
TEST(JointClassifierTest, ALabelWithoutAProbabilityHasACrossEntropy) {
  ClassifierCase c({.name = "projection",
                    .input = {kItemDim, 1, 1},
                    .layers = {nets::Projection{}},
                    .classes = kThreeClasses});
  for (float& value : c.tensor(2)) value = 0.0f;
  std::fill(c.rows.begin(), c.rows.end(), 1.0f);
  std::fill(c.labels.begin(), c.labels.end(), 1);
  c.tensor(2)[kItemDim] = 800.0f;
  EXPECT_NEAR(c.term().cross_entropy, 800.0 + std::log(2.0), 1e-3);
  EXPECT_NEAR(c.gradient[2][kItemDim], 1.0 + kWeight, 1e-5);
}

TEST(JointClassifierTest, AccuracyIsLeftOutUnlessAskedFor) {
  ClassifierCase c({.name = "logits",
                    .input = {kItemDim, 1, 1},
                    .layers = {nets::Linear{.out_features = kThreeClasses}, nets::ClassLogits{}},
                    .classes = kThreeClasses});
  const double cross_entropy = c.term().cross_entropy;
  const auto gradient = c.gradient;
  for (auto& values : c.gradient) std::fill(values.begin(), values.end(), 1.0f);
  const ClassifierLoss found =
      add_classifier_term(*c.evaluated, c.rows, c.labels, kWeight, false, c.gradient);
  EXPECT_EQ(found.accuracy, std::nullopt);
  EXPECT_EQ(found.cross_entropy, cross_entropy);
  EXPECT_EQ(c.gradient, gradient);
}

}  // namespace
}  // namespace ebm
