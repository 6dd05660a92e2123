#include "gan/phase_portrait.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "base/error.h"

namespace ebm::gan {
namespace {

using Pixel = std::vector<std::uint8_t>;

Pixel pixel(const report::PixelImage& image, std::int64_t x, std::int64_t y) {
  const auto* at = image.pixels.data() + (y * image.width + x) * 3;
  return {at[0], at[1], at[2]};
}

// One step from (θ, φ) = (1, 0) to (1, −1): with a margin of a tenth, 1 lies 0.42/1.1·side from
// the middle.
TEST(PhasePortraitTest, HasThePathWhereItIs) {
  const DiracSystem system = dirac_system(DiracKind::kWgan, {});
  const DiracPath path = take_steps(system, std::vector{0.0, 1.0}, 1, 1.0, Turns::kSimultaneous);
  ASSERT_EQ(path.states.back(), (std::vector{-1.0, 1.0}));
  const report::PixelImage image = phase_portrait(system, path, "wgan", 1100);
  ASSERT_EQ(image.pixels.size(), 1100u * 1100u * 3u);
  const Pixel blue{0, 115, 179};
  const std::int64_t at = 550 + 420;
  EXPECT_EQ(pixel(image, at, 550 + 210), blue);  // half of the way down
  EXPECT_EQ(pixel(image, at, 550 + 420), blue);  // the disc of the end
  EXPECT_EQ(pixel(image, at + 5, 550 + 420), blue);
  EXPECT_NE(pixel(image, at + 3, 550 + 3), blue);  // the ring of the start is hollow
  EXPECT_NE(pixel(image, at, 550 - 210), blue);
}

TEST(PhasePortraitTest, OfThePlaneHasBothPaths) {
  const DiracSystem system = dirac_system(DiracKind::kWgan, {});
  const DiracPath path =
      take_steps(system, std::vector{-1.0, 0.0, 0.0, 0.5}, 1, 1e-3, Turns::kSimultaneous);
  const report::PixelImage image = phase_portrait(system, path, "wgan", 1100);
  EXPECT_EQ(pixel(image, 550, 550 - 210), (Pixel{0, 115, 179}));
  EXPECT_EQ(pixel(image, 550 - 420, 550), (Pixel{214, 94, 0}));
}

TEST(PhasePortraitTest, RefusesSidesThatMakeNoPicture) {
  const DiracSystem system = dirac_system(DiracKind::kWgan, {});
  const DiracPath path = take_steps(system, std::vector{0.0, 1.0}, 1, 1.0, Turns::kSimultaneous);
  for (const std::int64_t side : {0, 99, 10001}) {
    EXPECT_THROW(phase_portrait(system, path, "wgan", side), Error) << side;
  }
}

}  // namespace
}  // namespace ebm::gan
