#include "report/tensorboard/event_record.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ebm::report {
namespace {

using Records = std::vector<std::string_view>;

TEST(EventRecordTest, HasLengthAndChecksumsAroundTheData) {
  const std::string record = event_record("123456789");
  ASSERT_EQ(record.size(), 8u + 4 + 9 + 4);
  EXPECT_EQ(record.substr(0, 8), std::string("\x09\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(record.substr(12, 9), "123456789");
  EXPECT_EQ(record.substr(21), "\xE5\xB0\x8A\xC7");  // 0xC78AB0E5, little-endian
}

TEST(EventRecordTest, RecordsReadBackAndAHalfOneAtTheEndIsPassedOver) {
  const std::string whole = event_record("one") + event_record("") + event_record("three");
  EXPECT_EQ(read_event_records(whole, "f"), (Records{"one", "", "three"}));
  EXPECT_EQ(read_event_records("", "f"), Records{});
  for (std::size_t cut = 1; cut <= event_record("three").size(); ++cut) {
    EXPECT_EQ(read_event_records(whole.substr(0, whole.size() - cut), "f"), (Records{"one", ""}));
  }
}

TEST(EventRecordTest, AFlippedBitAnywhereIsBadDataThatNamesTheFileAndThePlace) {
  const std::string first = event_record("one"), second = event_record("three");
  for (std::size_t at = 0; at < second.size(); ++at) {
    std::string file = first + second + first;
    file[first.size() + at] ^= 0x10;
    try {
      read_event_records(file, "run/events");
      FAIL() << at;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      const std::string place = "run/events: the record at offset " + std::to_string(first.size());
      EXPECT_TRUE(std::string(error.what()).starts_with(place)) << error.what();
    }
  }
}

}  // namespace
}  // namespace ebm::report
