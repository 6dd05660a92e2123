#include "data/orientation.h"

#include <map>

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(OrientationTest, EveryOrientationShowsTheImageUpright) {
  // 1 2 3
  // 4 5 6
  const Image stored{.shape = {1, 2, 3}, .pixels = {1, 2, 3, 4, 5, 6}};
  const std::map<int, Bytes> upright = {{1, {1, 2, 3, 4, 5, 6}}, {2, {3, 2, 1, 6, 5, 4}},
                                        {3, {6, 5, 4, 3, 2, 1}}, {4, {4, 5, 6, 1, 2, 3}},
                                        {5, {1, 4, 2, 5, 3, 6}}, {6, {4, 1, 5, 2, 6, 3}},
                                        {7, {6, 3, 5, 2, 4, 1}}, {8, {3, 6, 2, 5, 1, 4}}};
  for (const auto& [orientation, pixels] : upright) {
    const Image image = oriented(stored, orientation);
    EXPECT_EQ(image.pixels, pixels) << orientation;
    EXPECT_EQ(image.shape, (orientation < 5 ? ItemShape{1, 2, 3} : ItemShape{1, 3, 2}));
  }
}

TEST(OrientationTest, PlanesAreTurnedOneByOne) {
  const Image stored{.shape = {3, 1, 2}, .pixels = {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(oriented(stored, 2).pixels, (Bytes{2, 1, 4, 3, 6, 5}));
  EXPECT_EQ(oriented(stored, 6).shape, (ItemShape{3, 2, 1}));
}

TEST(OrientationTest, OtherNumbersAreRefused) {
  for (const int other : {0, 9, -1}) {
    expect_error(ErrorCode::kUsage, {"orientation"}, [&] {
      oriented({.shape = {1, 1, 1}, .pixels = {1}}, other);
    });
  }
}

}  // namespace
}  // namespace ebm::data
