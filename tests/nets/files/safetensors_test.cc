#include "nets/files/safetensors.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {
namespace fs = std::filesystem;

// A file of this header and n_data zero bytes.
std::string file_of(const std::string& header, std::size_t n_data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(n_data, '\0');
}

void expect_bad(const std::string& bytes, const std::string& part) {
  const std::string message =
      expect_error(ErrorCode::kBadData, part, [&] { parse_safetensors(bytes, "w.st"); });
  EXPECT_TRUE(message.starts_with("w.st: ")) << message;
}

void expect_bad_header(const std::string& header, std::size_t n_data, const std::string& part) {
  expect_bad(file_of(header, n_data), part);
}

SafetensorsFile mixed_file() {
  SafetensorsFile file;
  file.tensors["a.bytes"] = TensorData::from_bytes({3}, std::array<std::uint8_t, 3>{1, 2, 255});
  file.tensors["b.weight"] =
      TensorData::from_floats({2, 1, 2}, std::array<float, 4>{1.5f, -0.0f, 1e-40f, 3e38f});
  file.tensors["c.scalar"] = TensorData::from_int64s({}, std::array<std::int64_t, 1>{-7});
  file.tensors["d.empty"] = TensorData::from_int32s({0, 4}, std::span<const std::int32_t>{});
  file.tensors["e \"ü\n"] = TensorData::from_int32s({1}, std::array<std::int32_t, 1>{-9});
  file.metadata["architecture"] = "name = \"x\"\n";
  return file;
}

TEST(SafetensorsTest, WritingAndReadingGivesTheContentBack) {
  const SafetensorsFile file = mixed_file();
  const SafetensorsFile again = parse_safetensors(safetensors_bytes(file), "x");
  EXPECT_EQ(again, file);
  EXPECT_EQ(again.tensor("b.weight").as_floats()[3], 3e38f);
  EXPECT_EQ(again.tensor("c.scalar").as_int64s()[0], -7);
  EXPECT_EQ(again.tensor("a.bytes").as_bytes()[2], 255);
  EXPECT_EQ(again.tensor("e \"ü\n").as_int32s()[0], -9);
  EXPECT_EQ(parse_safetensors(safetensors_bytes({}), "x"), SafetensorsFile{});
}

TEST(SafetensorsTest, BytesAreThoseOfTheFormat) {
  SafetensorsFile file;
  file.tensors["x"] = TensorData::from_floats({1}, std::array<float, 1>{1.0f});
  const std::string header = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  ASSERT_EQ(header.size() % 8, 6u);
  EXPECT_EQ(safetensors_bytes(file), file_of(header + "  ", 0) + std::string("\0\0\x80\x3f", 4));
}

TEST(SafetensorsTest, DataAreAlignedAndTheWidestTypesFirst) {
  const std::string bytes = safetensors_bytes(mixed_file());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  const auto at = [&](const char* name) { return bytes.find(name); };
  EXPECT_LT(at("c.scalar"), at("b.weight"));
  EXPECT_LT(at("b.weight"), at("a.bytes"));
}

TEST(SafetensorsTest, LargeTensorsAreWrittenFromWhereTheyLie) {
  const std::vector<std::byte> large(1 << 20, std::byte{7});
  std::array<std::byte, 4> small{std::byte{1}};
  const TensorViews tensors{{"large", {DType::kU8, {1 << 20}, large}},
                            {"small", {DType::kU8, {4}, small}}};
  const base::FilePieces pieces = safetensors_pieces(tensors, {{"key", "value"}});
  const base::FilePieces::Views views = pieces.views();
  ASSERT_EQ(views.size(), 3u);
  EXPECT_EQ(views[1].data(), large.data());
  small[0] = std::byte{2};  // which was copied
  EXPECT_EQ(views[2][0], std::byte{1});
  const SafetensorsFile file = parse_safetensors(pieces.joined(), "x");
  EXPECT_EQ(file.tensor("large").bytes, large);
  EXPECT_EQ(file.tensor("small").bytes[0], std::byte{1});
  EXPECT_EQ(file.metadata, (Metadata{{"key", "value"}}));
}

TEST(SafetensorsTest, FilesAreWrittenAndReadAndMissingOnesNamed) {
  const fs::path path = fs::path(testing::TempDir()) / "safetensors_test.safetensors";
  write_safetensors(path, mixed_file());
  EXPECT_EQ(read_safetensors(path), mixed_file());
  fs::remove(path);
  expect_error(ErrorCode::kNoInput, path.string(), [&] { read_safetensors(path); });
}

TEST(SafetensorsTest, MissingTensorsAndOtherTypesAreErrors) {
  const SafetensorsFile file = mixed_file();
  expect_error(ErrorCode::kBadData, "no tensor \"x\"", [&] { file.tensor("x"); });
  expect_error(ErrorCode::kBadData, "dtype U8, must be F32",
               [&] { file.tensor("a.bytes").as_floats(); });
  expect_error(ErrorCode::kShape, "was given 3 values, must be 4", [] {
    TensorData::from_floats({2, 2}, std::array<float, 3>{});
  });
}

TEST(SafetensorsTest, WhatTheFormatCannotHoldIsRefused) {
  SafetensorsFile file;
  file.tensors["__metadata__"] = TensorData{.dtype = DType::kU8, .shape = {0}, .bytes = {}};
  expect_error(ErrorCode::kUsage, "__metadata__", [&] { safetensors_bytes(file); });
  file.tensors.clear();
  file.metadata["\xff"] = "note";
  expect_error(ErrorCode::kUsage, "\"\\xff\" is not UTF-8", [&] { safetensors_bytes(file); });
  file.metadata.clear();
  file.tensors["x"] = TensorData{.dtype = DType::kF32, .shape = {3}, .bytes = {}};
  expect_error(ErrorCode::kShape, "\"x\" of shape [3] has 0 bytes, must have 12",
               [&] { safetensors_bytes(file); });
}

TEST(SafetensorsTest, CutOrForeignFilesAreNamed) {
  const std::string whole = safetensors_bytes(mixed_file());
  for (std::size_t size = 0; size < whole.size(); ++size) expect_bad(whole.substr(0, size), "");
  expect_bad("a text, and more", "must be at most 100 MB");
  expect_bad("\x89PNG\r\n\x1a\n and more", "is no safetensors file, a PNG image");
  expect_bad("<!DOCTYPE html><html>",
             "is no safetensors file, a web page: the download went wrong");
  // torch.save writes a zip archive, and old versions a pickle.
  for (const char* start : {"PK\x03\x04", "PK\x03\x04 and more", "\x80\x02 and more"}) {
    expect_bad(
        start,
        "is a file of torch.save, which is not read; save the weights by "
        "safetensors.torch.save_file(model.state_dict(), FILE), and give that to ebm import");
  }
  // A header of as many bytes as these would say.
  const std::string long_header = "{" + std::string(0x04034b50 - 2, ' ') + "}";
  EXPECT_NO_THROW(parse_safetensors(std::string("PK\x03\x04\0\0\0\0", 8) + long_header, "f"));
  expect_bad(std::string("\xe8\x03\0\0\0\0\0\0{}", 10), "1000 bytes, but only 2 follow");
  expect_bad(whole + "x", "but the tensors end at");
}

TEST(SafetensorsTest, BadHeadersAreNamed) {
  expect_bad_header("", 0, "not valid JSON");
  expect_bad_header("{} {}", 0, "not valid JSON");
  expect_bad_header("{\"a", 0, "not valid JSON");
  expect_bad_header("[]", 0, "the header is or holds a list");
  expect_bad_header("3", 0, "a number, must be a JSON object");
  expect_bad_header(R"({"a": 3})", 0, "\"a\" is or holds a number");
  expect_bad_header(R"({"a": {}})", 0, "tensor \"a\" has no dtype");
  expect_bad_header(R"({"__metadata__": {"k": 1}})", 0, "metadata: \"k\" is or holds a number");
  expect_bad_header(R"({"__metadata__": {"k": {}}})", 0, "must be text");
  expect_bad_header(R"({"__metadata__": {"k": "1", "k": "2"}})", 0, "\"k\" occurs twice");
  expect_bad_header("{\"a\\nb\": {\"x\": 1}}", 0, "tensor \"a\\x0ab\": \"x\" is unknown");
  expect_bad_header("{\"\xff\": {}}", 0, "not valid JSON");
  expect_bad_header("{\"a\": {\"shape\": " + std::string(200000, '['), 0, "holds a list");
  const std::string empty = R"("a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]})";
  expect_bad_header("{" + empty + ", " + empty + "}", 0, "\"a\" occurs twice");
}

TEST(SafetensorsTest, BadTensorEntriesAreNamed) {
  const auto entry = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets) {
    return "{\"a\": {\"dtype\": " + dtype + ", \"shape\": " + shape +
           ", \"data_offsets\": " + offsets + "}}";
  };
  EXPECT_NO_THROW(parse_safetensors(file_of(entry("\"F32\"", "[2]", "[0, 8]"), 8), "x"));
  expect_bad_header(entry("\"F8_E4M3\"", "[1]", "[0, 1]"), 1,
                    "\"F8_E4M3\", must be F32, F64, F16, BF16, U8, I32 or I64");
  expect_bad_header(entry("7", "[1]", "[0, 8]"), 8, "\"dtype\" is or holds a number");
  expect_bad_header(entry("\"F32\"", "2", "[0, 8]"), 8, "must be a list of integers");
  expect_bad_header(entry("\"F32\"", "[[2]]", "[0, 8]"), 8, "holds a list");
  expect_bad_header(entry("\"F32\"", "[2.0]", "[0, 8]"), 8, "holds a fraction");
  expect_bad_header(entry("\"F32\"", "[-2]", "[0, 8]"), 8, "must not be negative");
  expect_bad_header(entry("\"F32\"", "[18446744073709551615]", "[0, 8]"), 8, "below 2^63");
  expect_bad_header(entry("\"F32\"", "[3]", "[0, 8]"), 8,
                    "has 8 bytes, but F32 of shape [3] takes");
  expect_bad_header(entry("\"F32\"", "[4294967296, 4294967296]", "[0, 0]"), 0, "too large");
  expect_bad_header(entry("\"F32\"", "[2]", "[0]"), 8, "has 1 numbers, must have 2");
  expect_bad_header(entry("\"F32\"", "[2]", "[0, 12]"), 8, "ends at byte 12");
  expect_bad_header(entry("\"F32\"", "[2]", "[4, 12]"), 12, "begins at byte 4");
  expect_bad_header(entry("\"F32\"", "[2]", "[0, 8]"), 9, "the data have 9 bytes");
}

TEST(SafetensorsTest, OverlapsAndGapsAreNamed) {
  const auto two = [](const std::string& first, const std::string& second) {
    const std::string start = R"({"dtype": "U8", "shape": [4], "data_offsets": )";
    return "{\"a\": " + start + first + "}, \"b\": " + start + second + "}}";
  };
  EXPECT_NO_THROW(parse_safetensors(file_of(two("[4, 8]", "[0, 4]"), 8), "x"));
  expect_bad_header(two("[0, 4]", "[2, 6]"), 6, "tensor \"b\" begins at byte 2");
  expect_bad_header(two("[0, 4]", "[0, 4]"), 4, "tensor \"b\" begins at byte 0");
  expect_bad_header(two("[0, 4]", "[5, 9]"), 9, "tensor \"b\" begins at byte 5");
}

}  // namespace
}  // namespace ebm::nets
