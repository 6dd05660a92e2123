#include "report/tensorboard/crc32c.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace ebm::report {
namespace {

TEST(Crc32cTest, GivesThePublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);  // the check value of the catalogues of CRCs
  EXPECT_EQ(crc32c(""), 0u);
  // RFC 3720, appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  std::string rising(32, '\0');
  std::iota(rising.begin(), rising.end(), '\0');
  EXPECT_EQ(crc32c(rising), 0x46DD794Eu);
  EXPECT_EQ(crc32c(std::string(rising.rbegin(), rising.rend())), 0x113FDB5Cu);
}

TEST(Crc32cTest, TheMaskRotatesBy15BitsAndAddsAConstant) {
  // 0xE3069283 >> 15 = 0x1C60D, << 17 = 0x25060000.
  EXPECT_EQ(masked_crc32c("123456789"), 0x2507C60Du + 0xA282EAD8u);
}

}  // namespace
}  // namespace ebm::report
