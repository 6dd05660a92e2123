#include "nets/architecture/weight_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nets/architecture/initial_values.h"
#include "nets/files/read_layer_weights.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(WeightNormTest, RowsHaveTheLengthsAndKeepTheirDirections) {
  std::vector<float> v{3, 4, -5, 12};
  std::vector<float> norms(2);
  row_norms(v, norms);
  EXPECT_EQ(norms, (std::vector<float>{5, 13}));
  EXPECT_TRUE(normalise_rows(std::vector<float>{10, -26}, v));
  EXPECT_EQ(v, (std::vector<float>{6, 8, 10, -24}));
  std::vector<float> zeros{0, 0};
  EXPECT_FALSE(normalise_rows(std::vector<float>{1}, zeros));
}

// v = (3, 4), g = 10, w = (6, 8), ∂w = (1, 2): ⟨∂w, v⟩ = 11, ∂g = 11/5, ∂v = 2·((1, 2) −
// (3, 4)·11/25).
TEST(WeightNormTest, GradientsFollowTheirFormulas) {
  const std::vector<float> v{3, 4}, g{10};
  std::vector<float> gradient{1, 2}, of_g(1);
  normalised_row_gradient(g, v, gradient, of_g);
  EXPECT_NEAR(of_g[0], 2.2, 1e-7);
  EXPECT_NEAR(gradient[0], 2.0 * (1.0 - 33.0 / 25.0), 1e-7);
  EXPECT_NEAR(gradient[1], 2.0 * (2.0 - 44.0 / 25.0), 1e-7);
  // Along v nothing changes w.
  EXPECT_NEAR(3.0 * gradient[0] + 4.0 * gradient[1], 0.0, 1e-6);
}

Architecture dense(bool weight_norm, double init_scale) {
  return {"dense",
          {3, 1, 1},
          {Linear{.out_features = 4, .weight_norm = weight_norm, .init_scale = init_scale},
           Linear{.out_features = 1}}};
}

LayerWeights initial_weights(const Architecture& net) {
  SafetensorsFile file;
  const std::vector<Parameter> all = parameters(net);
  for (std::size_t i = 0; i < all.size(); ++i) {
    file.tensors[all[i].name] = TensorData::from_floats(all[i].shape, initial_values(all[i], i, 7));
  }
  return read_layer_weights(net, file, "m");
}

TEST(WeightNormTest, ANetworkStartsAsOneWithoutIt) {
  for (const double init_scale : {1.0, 0.25, 0.0}) {
    const LayerWeights normed = initial_weights(dense(true, init_scale));
    const LayerWeights plain = initial_weights(dense(false, init_scale));
    ASSERT_EQ(normed[0].size(), plain[0].size());
    for (std::size_t i = 0; i < plain[0].size(); ++i) {
      // g, and then the quotient, are rounded once each.
      EXPECT_NEAR(normed[0][i], plain[0][i], 2.0 * 0x1p-24 * std::abs(plain[0][i])) << i;
    }
  }
}

TEST(WeightNormTest, ADirectionOfLengthZeroIsRefused) {
  const Architecture net{"", {2, 1, 1}, {Linear{1, false, false, true}}};
  SafetensorsFile file;
  const auto set = [&](float g, float v0, float v1) {
    file.tensors["0.parametrizations.weight.original0"] =
        TensorData::from_floats({1, 1}, std::vector<float>{g});
    file.tensors["0.parametrizations.weight.original1"] =
        TensorData::from_floats({1, 2}, std::vector<float>{v0, v1});
  };
  set(10, 3, 4);
  EXPECT_EQ(read_layer_weights(net, file, "m"), (LayerWeights{std::vector<float>{6, 8}}));
  set(0, 3, 4);
  EXPECT_EQ(read_layer_weights(net, file, "m"), (LayerWeights{std::vector<float>{0, 0}}));
  set(1, 0, 0);
  expect_error(ErrorCode::kBadData,
               "m: tensor 0.parametrizations.weight.original1 has a row of length 0",
               [&] { read_layer_weights(net, file, "m"); });
  file.tensors.erase("0.parametrizations.weight.original0");
  expect_error(ErrorCode::kBadData, "m: tensor 0.parametrizations.weight.original0 is missing",
               [&] { read_layer_weights(net, file, "m"); });
}

}  // namespace
}  // namespace ebm::nets
