#include "data/formats/npy.h"

#include <algorithm>
#include <limits>

#include "data/formats/npy_dataset.h"
#include "tests/data/test_files.h"

namespace ebm::data {
namespace {
namespace fs = std::filesystem;

using Shape = std::vector<std::int64_t>;
using Bytes = std::vector<std::uint8_t>;

/// The file numpy.save writes for this header and data.
std::string npy_of(const std::string& literal, const std::string& data, int major = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(major);
  bytes += '\0';
  bytes += static_cast<char>(literal.size());
  bytes += '\0';
  if (major > 1) bytes += std::string(2, '\0');
  return bytes + literal + data;
}

std::string header_of(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

void expect_bad(const std::string& bytes, std::vector<std::string> facts) {
  facts.push_back("a.npy: ");
  expect_error(ErrorCode::kBadData, facts, [&] { parse_npy(bytes, "a.npy"); });
}

TEST(NpyTest, ReadsBothTypesInAllVersions) {
  for (int major = 1; major <= 3; ++major) {
    const NpyArray bytes = parse_npy(npy_of(header_of("|u1", "(2, 1)"), "\x07\xff", major), "f");
    EXPECT_EQ(bytes.shape, (Shape{2, 1}));
    EXPECT_EQ(std::get<Bytes>(bytes.values), (Bytes{7, 255}));
    const std::string two = {0, 0, 0, 0x40, 0, 0, static_cast<char>(0x80), static_cast<char>(0xbf)};
    const NpyArray floats = parse_npy(npy_of(header_of("<f4", "(2,)"), two, major), "f");
    EXPECT_EQ(floats.shape, Shape{2});
    EXPECT_EQ(std::get<std::vector<float>>(floats.values), (std::vector<float>{2.0f, -1.0f}));
  }
  EXPECT_EQ(parse_npy(npy_of(header_of("|u1", "()"), "x"), "f").shape, Shape{});
  EXPECT_EQ(parse_npy(npy_of(header_of("|u1", "(0, 9)"), ""), "f").shape, (Shape{0, 9}));
}

TEST(NpyTest, WritesTheBytesOfNumpy) {
  // numpy.save of numpy.array([[1, 2]], dtype='<f4').
  const std::string literal =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }" + std::string(58, ' ') + "\n";
  const std::string data = {0, 0, static_cast<char>(0x80), 0x3f, 0, 0, 0, 0x40};
  EXPECT_EQ(npy_bytes(std::vector<float>{1, 2}, Shape{1, 2}), npy_of(literal, data));
}

TEST(NpyTest, WhatIsWrittenIsRead) {
  const std::vector<float> floats = {0.0f, -0.0f, 1e-45f, std::numeric_limits<float>::infinity()};
  for (const Shape& shape : {Shape{4}, Shape{2, 2}, Shape{1, 4, 1}, Shape{1, 2, 2, 1}}) {
    const std::string bytes = npy_bytes(floats, shape);
    EXPECT_EQ((bytes.size() - 16) % 64, 0u);
    const NpyArray array = parse_npy(bytes, "f");
    EXPECT_EQ(array.shape, shape);
    EXPECT_EQ(std::get<std::vector<float>>(array.values), floats);
  }
  const NpyArray one = parse_npy(npy_bytes(Bytes{9}, Shape{}), "f");
  EXPECT_EQ(one.shape, Shape{});
  EXPECT_EQ(std::get<Bytes>(one.values), Bytes{9});
}

TEST(NpyTest, ShapeThatIsNotOfTheValuesIsNotWritten) {
  const std::vector<float> two = {1, 2};
  constexpr std::int64_t kLarge = std::int64_t{1} << 32;
  for (const Shape& shape : {Shape{3}, Shape{}, Shape{-1, -2}, Shape{kLarge, kLarge, 2}}) {
    expect_error(ErrorCode::kShape, {"npy shape"}, [&] { npy_bytes(two, shape); });
  }
}

TEST(NpyTest, OtherTypesAndOrdersAreNamed) {
  expect_bad(npy_of(header_of("<c8", "(1,)"), std::string(8, '\0')), {"'<c8'", "'|u1'", "'<f4'"});
  expect_bad(npy_of(header_of("|b1", "(1,)"), "a"), {"'|b1'", "x.astype('uint8') * 255"});
  expect_bad(npy_of(header_of("<f16", "(1,)"), std::string(16, '\0')), {"'<f16'"});
  expect_bad(npy_of(header_of("<U1", "(1,)"), "abcd"), {"'<U1'"});
  expect_bad(npy_of(header_of("|O", "(1,)"), "pickle"), {"'|O'"});
  expect_bad(npy_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "abcd"),
             {"[('a'", "quoted dtype"});
}

TEST(NpyTest, FortranOrderIsPutIntoCOrder) {
  const auto fortran = [](const std::string& descr, const std::string& shape) {
    return "{'descr': '" + descr + "', 'fortran_order': True, 'shape': " + shape + ", }\n";
  };
  // numpy.save of numpy.asfortranarray(numpy.arange(12, dtype='u1').reshape(2, 3, 2)).
  const std::string bytes = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
  const NpyArray images = parse_npy(npy_of(fortran("|u1", "(2, 3, 2)"), bytes), "f");
  EXPECT_EQ(images.shape, (Shape{2, 3, 2}));
  EXPECT_EQ(std::get<Bytes>(images.values), (Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  // numpy.asfortranarray(numpy.array([[1, 2, 3], [4, 5, 6]], dtype='>i2')), which becomes floats.
  const std::string words = {0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6};
  const NpyArray points = parse_npy(npy_of(fortran(">i2", "(2, 3)"), words), "f");
  EXPECT_EQ(std::get<std::vector<float>>(points.values), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  // More values than are read at once: value (i, j) is i mod 251, j of [n, 2].
  constexpr std::int64_t kRows = 3'000'000;
  std::string columns(2 * kRows, '\0');
  for (std::int64_t i = 0; i < 2 * kRows; ++i) {
    columns[static_cast<std::size_t>(i)] = static_cast<char>(i < kRows ? i % 251 : 251 + i % 2);
  }
  const NpyArray large =
      parse_npy(npy_of(fortran("|u1", "(" + std::to_string(kRows) + ", 2)"), columns), "f");
  const Bytes& values = std::get<Bytes>(large.values);
  for (std::int64_t i : {std::int64_t{0}, std::int64_t{1}, kRows / 2, kRows - 1}) {
    EXPECT_EQ(values[static_cast<std::size_t>(2 * i)], i % 251);
    EXPECT_EQ(values[static_cast<std::size_t>(2 * i + 1)], 251 + (i + kRows) % 2);
  }
  EXPECT_EQ(parse_npy(npy_of(fortran("|u1", "(0, 9)"), ""), "f").shape, (Shape{0, 9}));
  expect_bad(npy_of(fortran("<u2", "(2, 1, 1)"), std::string("\1\0\0\1", 4)),
             {"found 256 of dtype uint16 at value 1"});
}

TEST(NpyTest, HeadersOfPython2AreRead) {
  const NpyArray array = parse_npy(npy_of(header_of("|u1", "(2L, 1L)"), "ab"), "f");
  EXPECT_EQ(array.shape, (Shape{2, 1}));
  EXPECT_EQ(
      parse_npy(npy_of("{u'descr': u'|u1',\t'fortran_order': False, u'shape': (3L,)}\r\n", "abc"),
                "f")
          .shape,
      Shape{3});
  expect_bad(npy_of(header_of("|u1", "(L,)"), "a"), {"whole number"});
}

TEST(NpyTest, OtherArchivesAreNamed) {
  expect_bad("PK\x03\x04 and so on", {"'PK\\x03\\x04 a' at offset 0", "zip archive (.zip, .npz)"});
  expect_bad("\x1f\x8b\x08 and so on", {"gunzip"});
}

TEST(NpyTest, MissingAndExtraBytesAreCounted) {
  expect_bad(npy_of(header_of("|u1", "(2, 3)"), "abcde"), {"2 x 3", "only 5 bytes"});
  expect_bad(npy_of(header_of("|u1", "(2, 3)"), "abcdefg"), {"2 x 3", "7 bytes"});
  expect_bad(npy_of(header_of("<f4", "(1,)"), "abcde"), {"4-byte values", "5 bytes"});
  expect_bad(npy_of(header_of("|u1", "(0,)"), "a"), {"1 bytes"});
}

TEST(NpyTest, AbsurdShapesAreFoundBeforeMemoryIsTaken) {
  expect_bad(npy_of(header_of("|u1", "(4294967296, 4294967296)"), "a"), {"4294967296 x", "only 1"});
  expect_bad(npy_of(header_of("<f4", "(4611686018427387904,)"), ""),
             {"4611686018427387904", "only 0"});
  expect_bad(npy_of(header_of("|u1", "(9223372036854775808,)"), ""), {"below 2^63"});
  expect_bad(npy_of(header_of("|u1", "(-1,)"), "a"), {"'-1", "whole number from 0 on"});
}

TEST(NpyTest, BadHeadersAreNamedWithTheirOffset) {
  expect_bad("", {"''", "\\x93NUMPY"});
  expect_bad("\x93NUMPY\x01", {"ends at offset 7"});
  expect_bad("PK\x03\x04..", {"'PK\\x03\\x04..' at offset 0"});
  expect_bad(npy_of("{}", "", 4), {"version 4.0", "offset 6"});
  expect_bad(std::string("\x93NUMPY\x01\0\xff\xff{", 11), {"header length of 65535", "only 1"});
  expect_bad(npy_of("{'descr': '|u1', 'fortran_order': False, }", ""), {"its end", "'shape'"});
  expect_bad(npy_of("{'descr': '|u1', 'descr': '|u1'}", ""), {"offset 27", "once"});
  expect_bad(npy_of("{'what': 1}", ""), {"'what'", "offset 11"});
  expect_bad(npy_of("{'descr': '|u1' 'x'", ""), {"',' or '}'"});
  expect_bad(npy_of(header_of("|u1", "(1 2)"), "ab"), {"',' or ')'"});
  expect_bad(npy_of(header_of("|u1", "(1,)") + "x", "a"), {"nothing but spaces"});
  expect_bad(npy_of("{'descr': '|u1", ""), {"quoted dtype"});
}

class NpyDatasetTest : public FilesTest {};

TEST_F(NpyDatasetTest, ShapesBecomeImagesOrPoints) {
  const std::vector<float> floats = {-1, 0.5f, 0.25f, 1};
  write_npy(folder_ / "a.npy", floats, Shape{2, 1, 2});
  Dataset dataset = load_npy(folder_ / "a.npy");
  EXPECT_EQ(dataset.n, 2);
  EXPECT_EQ(dataset.shape, (ItemShape{1, 1, 2}));
  EXPECT_TRUE(dataset.is_image);
  EXPECT_EQ(std::get<std::vector<float>>(dataset.values), floats);
  write_npy(folder_ / "a.npy", Bytes{1, 2, 3, 4, 5, 6}, Shape{1, 3, 2, 1});
  EXPECT_EQ(load_npy(folder_ / "a.npy").shape, (ItemShape{3, 2, 1}));
  write_npy(folder_ / "a.npy", std::vector<float>{100, -7}, Shape{1, 2});
  dataset = load_npy(folder_ / "a.npy");
  EXPECT_EQ(dataset.shape, (ItemShape{2, 1, 1}));
  EXPECT_FALSE(dataset.is_image);
}

TEST_F(NpyDatasetTest, ValuesOutOfRangeNameTheItem) {
  const fs::path path = folder_ / "a.npy";
  const auto load = [&] { load_npy(path); };
  write_npy(path, std::vector<float>{0, 0, 0, 1.5f}, Shape{2, 1, 2});
  expect_error(ErrorCode::kBadData, {path.string(), "1.5", "item 1", "[-1, 1]"}, load);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  write_npy(path, std::vector<float>{nan, 0, 0, 0}, Shape{2, 1, 2});
  expect_error(ErrorCode::kBadData, {path.string(), "nan", "item 0"}, load);
  // What helps depends on the range, and on whether there is one.
  const auto end_of_message = [&](const std::vector<float>& values) {
    write_npy(path, values, Shape{2, 1, 2});
    try {
      load();
    } catch (const Error& error) {
      const std::string message = error.what();
      return message.substr(message.find("found"));
    }
    return std::string();
  };
  EXPECT_EQ(end_of_message({0, 0, 0, 1.0000001f}),
            "found 1.0000001 in item 1, expected pixels in [-1, 1]; save numpy.clip(x, -1, 1)");
  EXPECT_EQ(end_of_message({0, 0, 255, 7}),
            "found 255 in item 1, expected pixels in [-1, 1]; grey levels from 0 to 255 are saved "
            "as x.astype('uint8')");
  EXPECT_EQ(end_of_message({0, nan, 0, 0}), "found nan in item 0, expected pixels in [-1, 1]");
  EXPECT_EQ(end_of_message({-3, 0, 0, 0}), "found -3 in item 0, expected pixels in [-1, 1]");
  write_npy(path, std::vector<float>{0, 0, 0, nan}, Shape{2, 2});
  expect_error(ErrorCode::kBadData, {path.string(), "nan", "item 1", "finite"}, load);
}

TEST_F(NpyDatasetTest, OtherShapesAreNamed) {
  const fs::path path = folder_ / "a.npy";
  const auto load = [&] { load_npy(path); };
  write_npy(path, std::vector<float>{0}, Shape{1});
  expect_error(ErrorCode::kBadData, {path.string(), "float32 of shape 1", "[n, c, h, w]"}, load);
  write_npy(path, Bytes{0, 1}, Shape{1, 2});
  expect_error(ErrorCode::kBadData, {path.string(), "uint8 of shape 1 x 2"}, load);
  write_npy(path, Bytes{}, Shape{0, 2, 2});
  expect_error(ErrorCode::kBadData, {path.string(), "0 x 2 x 2", "no length of 0"}, load);
  expect_error(ErrorCode::kNoInput, {"absent"}, [&] { load_npy(folder_ / "absent"); });
}

TEST_F(NpyDatasetTest, ValuesThatAreSeldomMeantAreAWarning) {
  const fs::path path = folder_ / "a.npy";
  const auto warnings_of = [&](const auto& values) {
    write_npy(path, values, Shape{2, 1, 2});
    const std::vector<std::string> warnings = load_npy(path).warnings;
    EXPECT_LE(warnings.size(), 1u);
    return warnings.empty() ? std::string() : warnings[0];
  };
  EXPECT_NE(warnings_of(Bytes{0, 1, 1, 0}).find("0 or 1 of 255"), std::string::npos);
  EXPECT_EQ(warnings_of(Bytes{0, 1, 2, 0}), "");
  EXPECT_EQ(warnings_of(Bytes{0, 0, 0, 0}), "");
  EXPECT_NE(warnings_of(std::vector<float>{0, 1, 0.5f, 0}).find("in [0, 1]"), std::string::npos);
  EXPECT_EQ(warnings_of(std::vector<float>{-1, 1, 0.5f, 0}), "");
  write_npy(path, std::vector<float>{0, 1, 0.5f, 0}, Shape{2, 2});  // points
  EXPECT_TRUE(load_npy(path).warnings.empty());
  write_npy(path, std::vector<float>{0, 17, 200, 0}, Shape{2, 1, 2});
  expect_error(ErrorCode::kBadData, {"[-1, 1]", "x.astype('uint8')"}, [&] { load_npy(path); });
}

TEST_F(NpyDatasetTest, OneImageWithoutAnAxisOfItemsIsAWarning) {
  const fs::path path = folder_ / "a.npy";
  write_npy(path, Bytes(8 * 8 * 3, 9), Shape{8, 8, 3});
  const Dataset dataset = load_npy(path);
  EXPECT_EQ(dataset.shape, (ItemShape{1, 8, 3}));
  ASSERT_EQ(dataset.warnings.size(), 1u);
  EXPECT_NE(dataset.warnings[0].find("8 x 8 x 3 is read as 8 grey images"), std::string::npos);
}

TEST_F(NpyDatasetTest, ReadingSaysHowFarItIs) {
  const fs::path path = folder_ / "a.npy";
  const std::int64_t n = (std::int64_t{5} << 22) + 8;  // above one piece of 2^24 bytes
  write_npy(path, std::vector<float>(static_cast<std::size_t>(n)), Shape{n / 4, 2, 2});
  std::vector<double> fractions;
  load_npy(path, {.on_read = [&](double fraction) { fractions.push_back(fraction); }});
  ASSERT_GE(fractions.size(), 2u);
  EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  EXPECT_LT(fractions.front(), 1.0);
  EXPECT_EQ(fractions.back(), 1.0);
}

}  // namespace
}  // namespace ebm::data
