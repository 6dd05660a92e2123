#include "tests/data/test_files.h"

#include <zlib.h>

#include <fstream>

namespace ebm::data {
namespace fs = std::filesystem;

void expect_error(ErrorCode code, const std::vector<std::string>& facts,
                  const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(exit_code(error.code()), exit_code(code)) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    for (const std::string& fact : facts) {
      EXPECT_NE(message.find(fact), std::string::npos) << "no '" << fact << "' in: " << message;
    }
    return;
  }
  ADD_FAILURE() << "no error, expected one with: " << (facts.empty() ? "" : facts[0]);
}

void FilesTest::SetUp() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  folder_ = fs::path(testing::TempDir()) /
            ("ebm_" + std::string(test->test_suite_name()) + "_" + test->name());
  fs::remove_all(folder_);
  fs::create_directories(folder_);
}

void FilesTest::TearDown() { fs::remove_all(folder_); }

fs::path FilesTest::write(const std::string& name, std::string_view bytes) const {
  fs::path path = folder_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string gzipped(std::string_view bytes) {
  std::string out(compressBound(bytes.size()) + 64, '\0');
  z_stream stream{};
  constexpr int kGzipWithLargestWindow = 15 + 16;
  deflateInit2(&stream, 9, Z_DEFLATED, kGzipWithLargestWindow, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string idx_bytes(const std::vector<std::uint32_t>& dims, std::string_view values) {
  std::string bytes = {0, 0, 8, static_cast<char>(dims.size())};
  for (const std::uint32_t length : dims) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift & 0xff);
  }
  return bytes.append(values);
}

}  // namespace ebm::data
