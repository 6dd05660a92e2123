#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ebm::data {

/// The paths of many files in a few bytes for each beside their names: the folder of files that
/// follow one another is kept once. As strings, 60,000 paths take a tenth of what small images do.
class FileList {
 public:
  bool empty() const { return ends_.empty(); }
  std::size_t size() const { return ends_.size(); }
  /// FOLDER/NAME of file i.
  std::string operator[](std::size_t i) const;

  void add(const std::filesystem::path& folder, std::string_view name);
  /// The files at these places alone. @param places  ascending
  FileList at(const std::vector<std::size_t>& places) const;

 private:
  /// The folder of file i.
  const std::string& folder_of(std::size_t i) const;
  std::string_view name_of(std::size_t i) const;

  std::string names_;                                         // one behind the other
  std::vector<std::size_t> ends_;                             // of each in names_
  std::vector<std::pair<std::size_t, std::string>> folders_;  // from which file on
};

}  // namespace ebm::data
