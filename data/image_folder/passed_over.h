#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace ebm::data {

/// Counts the files of a folder that are not read, by the ending of their names.
class PassedOver {
 public:
  /// A file; hidden ones, whose names begin with a dot, count as such.
  void add_file(const std::filesystem::path& file);
  /// Something else, as "links to folders".
  void add(const std::string& kind) { ++counts_[kind]; }

  bool empty() const { return counts_.empty(); }
  /// "12 files passed over: 8 .webp, 4 hidden": the most frequent first. Of more than eight kinds,
  /// the rest are counted together.
  std::string text() const;

 private:
  std::map<std::string, std::int64_t> counts_;
};

}  // namespace ebm::data
