#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::report {

/// `data` as a record of a TFRecord file: its length (8 bytes, little-endian), the masked CRC-32C
/// of that, the data, and their masked CRC-32C.
std::string event_record(std::string_view data);

/// The data of every record of a file. A last record that is cut short, as a killed program leaves
/// it, is passed over.
/// @param file   the whole content, which the views point into
/// @param path   of the file, for messages
/// @throws Error(kBadData) naming the file and the offset where a checksum does not fit.
std::vector<std::string_view> read_event_records(std::string_view file,
                                                 const std::filesystem::path& path);

}  // namespace ebm::report
