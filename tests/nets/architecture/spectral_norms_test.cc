#include "nets/architecture/spectral_norms.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

TEST(SpectralNormsTest, EveryWeightGetsOne) {
  const Architecture net{.name = "d",
                         .input = {1, 8, 8},
                         .layers = {Conv2d{.out_channels = 4},
                                    Residual{.body = {Conv2d{.out_channels = 4}},
                                             .shortcut = {Conv2d{.out_channels = 4}}},
                                    Flatten{}, Linear{.out_features = 1}}};
  const Architecture normed = with_spectral_norms(net);
  int n_weights = 0;
  for (const Parameter& parameter : parameters(normed)) {
    if (parameter.kind != ParameterKind::kWeight) continue;
    ++n_weights;
    EXPECT_TRUE(parameter.spectral_norm) << parameter.name;
  }
  EXPECT_EQ(n_weights, 4);
  EXPECT_EQ(with_spectral_norms(normed), normed);
}

TEST(SpectralNormsTest, TransposedConvolutionsHaveNone) {
  const Architecture net{.name = "g", .input = {1, 2, 2}, .layers = {ConvTranspose2d{}}};
  EXPECT_THROW(with_spectral_norms(net), Error);
}

TEST(SpectralNormsTest, AWeightNormIsRefused) {
  const Architecture net{.name = "d", .input = {2, 1, 1}, .layers = {Linear{.weight_norm = true}}};
  expect_error(ErrorCode::kUsage, "layer 0 (linear): has a weight norm already",
               [&] { with_spectral_norms(net); });
}

TEST(SpectralNormsTest, LayersThatItDoesNotBoundAreRefused) {
  for (const Layer& layer : {Layer(GroupNorm{}), Layer(ChannelScale{}), Layer(Attention{})}) {
    const Architecture net{.name = "d", .input = {1, 2, 2}, .layers = {layer}};
    EXPECT_THROW(with_spectral_norms(net), Error) << type_name(layer);
  }
}

}  // namespace
}  // namespace ebm::nets
