#include "samplers/kernels/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/samplers/message_of.h"

namespace ebm::samplers {
namespace {

TEST(ScheduleTest, HasItsValuesAtTheEndsAndBetween) {
  const Schedule constant{Schedule::Shape::kConstant, 3.0, 7.0};
  const Schedule geometric{Schedule::Shape::kGeometric, 8.0, 0.5};
  const Schedule cosine{Schedule::Shape::kCosine, 8.0, 2.0};
  for (const std::uint64_t i : {0, 2, 4, 100}) EXPECT_EQ(constant.at(i, 5), 3.0);
  EXPECT_EQ(geometric.at(0, 5), 8.0);
  EXPECT_DOUBLE_EQ(geometric.at(1, 5), 4.0);
  EXPECT_DOUBLE_EQ(geometric.at(2, 5), 2.0);
  EXPECT_DOUBLE_EQ(geometric.at(4, 5), 0.5);
  EXPECT_DOUBLE_EQ(cosine.at(0, 5), 8.0);
  EXPECT_DOUBLE_EQ(cosine.at(1, 5), 5.0 + 3.0 * std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(cosine.at(2, 5), 5.0);
  EXPECT_DOUBLE_EQ(cosine.at(4, 5), 2.0);
}

TEST(ScheduleTest, EndsAreOfASizeThatFloatsHave) {
  for (const char* text : {"geometric:1e-300:1", "cosine:1:1e-300", "constant:1e39"}) {
    EXPECT_NE(message_of(ErrorCode::kUsage, [&] { parse_schedule("t", text); })
                  .find("as it is computed in float32"),
              std::string::npos)
        << text;
  }
}

TEST(ScheduleTest, KeepsItsLastValue) {
  for (const auto shape : {Schedule::Shape::kGeometric, Schedule::Shape::kCosine}) {
    const Schedule schedule{shape, 4.0, 1.0};
    EXPECT_EQ(schedule.at(5, 5), schedule.at(4, 5));
    EXPECT_EQ(schedule.at(1'000'000'000'000, 5), schedule.at(4, 5));
    EXPECT_EQ(schedule.at(0, 1), 4.0);
  }
}

TEST(ScheduleTest, IsReadFromAnOption) {
  const Schedule cosine = parse_schedule("step-schedule", "cosine:0.1:0.001");
  EXPECT_EQ(cosine.shape, Schedule::Shape::kCosine);
  EXPECT_EQ(cosine.start, 0.1);
  EXPECT_EQ(cosine.end, 0.001);
  EXPECT_EQ(parse_schedule("s", "geometric:10:1").shape, Schedule::Shape::kGeometric);
  const Schedule constant = parse_schedule("s", "constant:0.01");
  EXPECT_EQ(constant.shape, Schedule::Shape::kConstant);
  EXPECT_EQ(constant.at(7, 10), 0.01);
  for (const char* wrong : {"linear:2:1", "constant", "constant:1:2", "cosine:1", "cosine:1:x",
                            "cosine:1:2x", "cosine:1:2:3", ""}) {
    EXPECT_EQ(message_of(ErrorCode::kUsage, [&] { parse_schedule("s", wrong); }),
              "s = " + std::string(wrong) +
                  ": must be SHAPE:FROM:TO with SHAPE geometric or cosine, as geometric:10:1, or "
                  "constant:VALUE");
  }
}

}  // namespace
}  // namespace ebm::samplers
