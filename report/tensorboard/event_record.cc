#include "report/tensorboard/event_record.h"

#include <cstdint>

#include "base/error.h"
#include "report/tensorboard/crc32c.h"

namespace ebm::report {
namespace {

constexpr std::size_t kLengthBytes = 8, kChecksumBytes = 4;
constexpr std::size_t kHeadBytes = kLengthBytes + kChecksumBytes;

void append_little_endian(std::string& bytes, std::uint64_t value, std::size_t n_bytes) {
  for (std::size_t i = 0; i < n_bytes; ++i) {
    bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  }
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return value;
}

}  // namespace

std::string event_record(std::string_view data) {
  std::string record;
  record.reserve(kHeadBytes + data.size() + kChecksumBytes);
  append_little_endian(record, data.size(), kLengthBytes);
  append_little_endian(record, masked_crc32c(record), kChecksumBytes);
  record += data;
  append_little_endian(record, masked_crc32c(data), kChecksumBytes);
  return record;
}

std::vector<std::string_view> read_event_records(std::string_view file,
                                                 const std::filesystem::path& path) {
  std::vector<std::string_view> records;
  for (std::size_t at = 0; file.size() - at >= kHeadBytes;) {
    const auto fail = [&] {
      throw Error(ErrorCode::kBadData, path.string() + ": the record at offset " +
                                           std::to_string(at) + " does not fit its checksum");
    };
    const std::string_view length = file.substr(at, kLengthBytes);
    if (little_endian(file.substr(at + kLengthBytes, kChecksumBytes)) != masked_crc32c(length)) {
      fail();
    }
    const std::uint64_t n = little_endian(length);
    const std::size_t left = file.size() - at - kHeadBytes;
    if (left < kChecksumBytes || n > left - kChecksumBytes) break;
    const std::string_view data = file.substr(at + kHeadBytes, n);
    if (little_endian(file.substr(at + kHeadBytes + n, kChecksumBytes)) != masked_crc32c(data)) {
      fail();
    }
    records.push_back(data);
    at += kHeadBytes + n + kChecksumBytes;
  }
  return records;
}

}  // namespace ebm::report
