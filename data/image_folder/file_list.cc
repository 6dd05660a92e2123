#include "data/image_folder/file_list.h"

#include <algorithm>

namespace ebm::data {
namespace fs = std::filesystem;

std::string FileList::operator[](std::size_t i) const {
  return (fs::path(folder_of(i)) / name_of(i)).string();
}

void FileList::add(const fs::path& folder, std::string_view name) {
  if (folders_.empty() || folders_.back().second != folder.native()) {
    folders_.emplace_back(size(), folder.string());
  }
  names_ += name;
  ends_.push_back(names_.size());
}

FileList FileList::at(const std::vector<std::size_t>& places) const {
  FileList list;
  for (const std::size_t i : places) list.add(folder_of(i), name_of(i));
  return list;
}

const std::string& FileList::folder_of(std::size_t i) const {
  const auto next =
      std::upper_bound(folders_.begin(), folders_.end(), i,
                       [](std::size_t file, const auto& each) { return file < each.first; });
  return std::prev(next)->second;
}

std::string_view FileList::name_of(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(names_).substr(begin, ends_[i] - begin);
}

}  // namespace ebm::data
