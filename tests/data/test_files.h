#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ebm::data {

/// Runs `action` and checks that it throws an Error of `code` whose message is one line and holds
/// every one of `facts`.
void expect_error(ErrorCode code, const std::vector<std::string>& facts,
                  const std::function<void()>& action);

/// Tests with a folder of their own that is empty at first and removed at the end.
class FilesTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Writes a file in the folder, making subfolders, and returns its path.
  std::filesystem::path write(const std::string& name, std::string_view bytes) const;

  std::filesystem::path folder_;
};

/// A gzip file of one member.
std::string gzipped(std::string_view bytes);

/// The bytes as a string.
inline std::string text_of(const std::vector<std::uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// An IDX header of type ubyte, and its values.
std::string idx_bytes(const std::vector<std::uint32_t>& dims, std::string_view values);

}  // namespace ebm::data
