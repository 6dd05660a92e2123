#include "data/formats/npy_dtype.h"

#include <bit>
#include <cmath>
#include <limits>

#include "data/formats/npy.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;

/// A whole number as n bytes in an order.
std::string number(std::uint64_t value, std::size_t n_bytes, char order = '<') {
  std::string bytes;
  for (std::size_t i = 0; i < n_bytes; ++i) {
    const std::size_t place = order == '>' ? n_bytes - 1 - i : i;
    bytes += static_cast<char>(value >> (8 * place) & 0xff);
  }
  return bytes;
}

std::string npy_of(const std::string& descr, const std::string& shape, const std::string& data) {
  const std::string literal =
      "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return "\x93NUMPY" + number(1, 2) + number(literal.size(), 2) + literal + data;
}

/// The values of an array of one axis (points) or three (images).
Floats points(const std::string& descr, const std::string& data, std::size_t n) {
  return std::get<Floats>(
      parse_npy(npy_of(descr, "(" + std::to_string(n) + ",)", data), "a.npy").values);
}
Bytes levels(const std::string& descr, const std::string& data, std::size_t n) {
  return std::get<Bytes>(
      parse_npy(npy_of(descr, "(" + std::to_string(n) + ", 1, 1)", data), "a.npy").values);
}

void expect_bad(const std::string& descr, const std::string& shape, const std::string& data,
                std::vector<std::string> facts) {
  facts.push_back("a.npy: ");
  expect_error(ErrorCode::kBadData, facts, [&] { parse_npy(npy_of(descr, shape, data), "a.npy"); });
}

TEST(NpyDtypeTest, IntegersOfImagesAreGreyLevels) {
  for (const std::size_t n_bytes : {2u, 4u, 8u}) {
    for (const char order : {'<', '>'}) {
      for (const char kind : {'i', 'u'}) {
        const std::string descr = order + (kind + std::to_string(n_bytes));
        const std::string data =
            number(0, n_bytes, order) + number(200, n_bytes, order) + number(255, n_bytes, order);
        EXPECT_EQ(levels(descr, data, 3), (Bytes{0, 200, 255})) << descr;
      }
    }
  }
  EXPECT_EQ(levels("|i1", number(127, 1), 1), Bytes{127});
}

TEST(NpyDtypeTest, OtherLevelsAreNamed) {
  expect_bad("<i8", "(2, 1, 1)", number(1, 8) + number(256, 8),
             {"found 256 of dtype int64 at value 1", "0 to 255"});
  expect_bad(">i2", "(1, 1, 1)", number(65535, 2, '>'), {"found -1 of dtype int16 at value 0"});
  expect_bad("|i1", "(1, 1, 1)", number(255, 1), {"found -1 of dtype int8"});
}

TEST(NpyDtypeTest, IntegersOfPointsAreFloats) {
  EXPECT_EQ(points("<i4", number(7, 4) + number(std::uint64_t(-5), 4), 2), (Floats{7, -5}));
  EXPECT_EQ(points(">u2", number(65535, 2, '>'), 1), Floats{65535});
  EXPECT_EQ(points("<i8", number(std::uint64_t{1} << 40, 8), 1), Floats{0x1p40f});
  EXPECT_EQ(points("<i8", number(std::uint64_t{1} << 63, 8), 1), Floats{-0x1p63f});
  // 2^24 + 1 takes 25 bits.
  expect_bad(
      "<i8", "(1,)", number((1u << 24) + 1, 8),
      {"found 16777217 of dtype int64", "float32 does not hold exactly", "x.astype('float32')"});
}

TEST(NpyDtypeTest, HalvesAreFloats) {
  // 1, −2, 0.5, 65504 (the largest), 2^−24 (the smallest), −0, ∞.
  std::string data;
  for (const unsigned bits : {0x3c00u, 0xc000u, 0x3800u, 0x7bffu, 0x0001u, 0x8000u, 0x7c00u}) {
    data += number(bits, 2);
  }
  const Floats found = points("<f2", data, 7);
  EXPECT_EQ(found, (Floats{1, -2, 0.5f, 65504, 0x1p-24f, 0, INFINITY}));
  EXPECT_TRUE(std::signbit(found[5]));
  EXPECT_TRUE(std::isnan(points("<f2", number(0x7e00, 2), 1)[0]));
  EXPECT_EQ(points(">f2", number(0x3c00, 2, '>'), 1), Floats{1});
}

TEST(NpyDtypeTest, DoublesThatFloatsHoldAreRead) {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  const std::string data = number(bits(0.5), 8) + number(bits(-0x1p100), 8) + number(bits(0.0), 8);
  EXPECT_EQ(points("<f8", data, 3), (Floats{0.5f, -0x1p100f, 0}));
  EXPECT_EQ(points(">f8", number(bits(0.25), 8, '>'), 1), Floats{0.25f});
  EXPECT_TRUE(std::isnan(points("<f8", number(bits(NAN), 8), 1)[0]));
  for (const double lost : {0.1, 1e300, 1e-300, 16777217.0}) {
    expect_bad("<f8", "(1,)", number(bits(lost), 8), {"dtype float64", "x.astype('float32')"});
  }
}

TEST(NpyDtypeTest, FloatsOfTheOtherByteOrderAreRead) {
  EXPECT_EQ(points(">f4", number(std::bit_cast<std::uint32_t>(-1.5f), 4, '>'), 1), Floats{-1.5f});
}

TEST(NpyDtypeTest, TypesHaveNames) {
  EXPECT_EQ(parse_npy_dtype("<f2", "f").text(), "float16");
  EXPECT_EQ(parse_npy_dtype("|u1", "f").text(), "uint8");
  EXPECT_EQ(parse_npy_dtype(">i8", "f").text(), "int64");
  for (const std::string other : {"", "f4", "<f1", "<i3", "<i16", "<f3", "|S4", "<M8", "*f4"}) {
    expect_error(ErrorCode::kBadData, {"f: found dtype"}, [&] { parse_npy_dtype(other, "f"); });
  }
}

}  // namespace
}  // namespace ebm::data
