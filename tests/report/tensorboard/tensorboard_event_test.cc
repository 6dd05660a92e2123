#include "report/tensorboard/tensorboard_event.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "report/png.h"

namespace ebm::report {
namespace {

std::string bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

/// Field 1 of an event: 2.0 as a double.
const std::string kAtTwo = bytes({0x09, 0, 0, 0, 0, 0, 0, 0, 0x40});

TEST(TensorboardEventTest, TheFirstOneNamesTheVersion) {
  EXPECT_EQ(version_event(2.0), kAtTwo + bytes({0x1A, 13}) + "brain.Event:2");
}

TEST(TensorboardEventTest, ARestartIsASessionThatStarts) {
  EXPECT_EQ(restart_event({2.0, 11}), kAtTwo + bytes({0x10, 11, 0x3A, 2, 0x08, 1}));
}

TEST(TensorboardEventTest, ScalarsAreFloatsUnderTheirNames) {
  const std::vector<NamedScalar> scalars{{"a", 1.0}, {"b", -2.0}};
  EXPECT_EQ(scalars_event({2.0, 300}, scalars),
            kAtTwo + bytes({0x10, 0xAC, 0x02, 0x2A, 20}) +
                bytes({0x0A, 8, 0x0A, 1, 'a', 0x15, 0, 0, 0x80, 0x3F}) +
                bytes({0x0A, 8, 0x0A, 1, 'b', 0x15, 0, 0, 0, 0xC0}));
}

TEST(TensorboardEventTest, AnImageHasItsSizesAndItsFile) {
  for (const int channels : {1, 3}) {
    const std::string png =
        png_bytes({.width = 3,
                   .height = 2,
                   .channels = channels,
                   .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(6 * channels))});
    const std::string event = image_event({2.0, 1}, "x", png);
    const std::string sizes = bytes({0x08, 2, 0x10, 3, 0x18, channels, 0x22});
    EXPECT_NE(event.find(sizes), std::string::npos) << channels;
    EXPECT_TRUE(event.ends_with(png));
  }
  EXPECT_THROW(image_event({2.0, 1}, "x", "GIF89a: a picture of another kind"), Error);
  EXPECT_THROW(image_event({2.0, 1}, "x", "\x89PNG\r\n\x1a\n"), Error);
}

TEST(TensorboardEventTest, AHistogramHasItsBuckets) {
  const std::string event =
      histogram_event({2.0, 1}, "e", histogram_of(std::vector<float>{0, 0, 2}, 1));
  const std::string two = bytes({0, 0, 0, 0, 0, 0, 0, 0x40}), three = bytes({0, 0, 0, 0, 0, 0, 8});
  EXPECT_TRUE(event.ends_with(bytes({0x09}) + std::string(8, '\0') +         // min
                              bytes({0x11}) + two +                          // max
                              bytes({0x19}) + three + "@" +                  // number
                              bytes({0x21}) + two +                          // sum
                              bytes({0x29, 0, 0, 0, 0, 0, 0, 0x10, 0x40}) +  // sum of squares
                              bytes({0x32, 8}) + two + bytes({0x3A, 8}) +    // limits, counts
                              three + "@"));
}

}  // namespace
}  // namespace ebm::report
