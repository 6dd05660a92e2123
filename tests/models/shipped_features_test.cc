#include "models/shipped_features.h"

#include <gtest/gtest.h>

#include "tests/nets/expect_error.h"

namespace ebm::models {
namespace {

TEST(ShippedFeaturesTest, AreThoseOfFashionMnist) {
  EXPECT_EQ(shipped_features({1, 28, 28}),
            std::filesystem::path(kShareDir) / "features/fashion-mnist.safetensors");
}

TEST(ShippedFeaturesTest, OtherShapesNeedAFile) {
  nets::expect_error(ErrorCode::kUsage, "for images of 3x28x28; give --features FILE", [] {
    shipped_features({3, 28, 28});
  });
}

TEST(ShippedFeaturesTest, SaysWhereTheyWereLookedFor) {
  nets::expect_error(ErrorCode::kNoInput, "/no-such-folder/features/fashion-mnist.safetensors", [] {
    shipped_features({1, 28, 28}, "/no-such-folder");
  });
}

}  // namespace
}  // namespace ebm::models
