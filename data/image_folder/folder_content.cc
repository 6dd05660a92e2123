#include "data/image_folder/folder_content.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/path_kind.h"
#include "data/formats/input_file.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 6> kEndings{".png",  ".jpg", ".jpeg",
                                                   ".jfif", ".jpe", ".webp"};

bool has_image_name(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : lower_case(name.substr(dot));
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// Folders that other programs leave behind, with thumbnails and the like.
bool is_foreign_folder(const std::string& name) {
  return name.starts_with('.') || name == "__MACOSX" || name == "@eaDir";
}

/// Whether a link leads to `folder` or to one above it: all below would be read twice.
bool leads_up(const fs::path& link, const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_symlink(link, ignored)) return false;
  const fs::path to = fs::canonical(link, ignored), from = fs::canonical(folder, ignored);
  return !to.empty() &&
         std::mismatch(to.begin(), to.end(), from.begin(), from.end()).first == to.end();
}

}  // namespace

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

FolderContent list_content(const fs::path& folder, PassedOver& passed_over) {
  FolderContent content;
  for (std::string& name : list_names(folder)) {
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) {
      if (is_foreign_folder(name)) {
        passed_over.add_folder(folder / name);
        continue;
      }
      if (leads_up(folder / name, folder)) {
        passed_over.add("link to a folder above it", "links to folders above them", folder / name);
        continue;
      }
      content.folders.push_back(std::move(name));
    } else if (!name.starts_with('.') && has_image_name(name)) {
      content.images.push_back(std::move(name));
    } else if (!name.starts_with('.') && base::is_broken_link(folder / name)) {
      passed_over.add("broken link", "broken links", folder / name);  // may have been a class
    } else {
      passed_over.add_file(name);
    }
  }
  return content;
}

}  // namespace ebm::data
