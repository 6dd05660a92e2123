#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace ebm::data {

/// Counts what is not read of a folder: files by the ending of their names, and whole folders.
class PassedOver {
 public:
  /// A file; hidden ones, whose names begin with a dot, count as such.
  void add_file(const std::filesystem::path& file);
  /// Something else, as "link to a folder"; of several the first is named.
  /// @param kind, kinds  of one and of many
  void add(const std::string& kind, const std::string& kinds, const std::filesystem::path& path);
  /// A folder that is not looked into, as hidden ones; the first is named.
  void add_folder(const std::filesystem::path& folder);

  bool empty() const { return counts_.empty(); }
  /// "12 files passed over: 8 .webp, 4 hidden": the most frequent first. Of more than eight kinds,
  /// the rest are counted together. With folders, "12 files and 1 folder passed over: ...".
  std::string text() const;

 private:
  struct Count {
    std::int64_t n = 0;
    std::string of_many{};  ///< the kind in the plural
    std::string first{};    ///< or empty: not named
  };
  void count(const std::string& kind, const std::string& kinds, const std::string& first);

  std::map<std::string, Count> counts_;  ///< by kind
  std::int64_t n_folders_ = 0;           ///< of all that is counted
};

}  // namespace ebm::data
