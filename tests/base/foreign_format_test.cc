#include "base/foreign_format.h"

#include <gtest/gtest.h>

#include <string>

namespace ebm::base {
namespace {

TEST(ForeignFormatTest, KnownFormatsAreNamed) {
  EXPECT_EQ(foreign_format("PK\x03\x04..."), ", a zip archive (.zip, .npz): unpack it");
  EXPECT_EQ(foreign_format(std::string(257, 'x') + "ustar"),
            ", a tar archive: unpack it with tar xf");
  EXPECT_EQ(foreign_format("<!DOCTYPE html>"), ", a web page: the download went wrong");
  EXPECT_EQ(foreign_format("\x1f\x8b\x08..."), ", packed by gzip: unpack it with gunzip");
}

TEST(ForeignFormatTest, NothingIsSaidOfOthers) {
  for (const std::string bytes : {"", "P", "hello", "WEBP"}) EXPECT_EQ(foreign_format(bytes), "");
}

}  // namespace
}  // namespace ebm::base
