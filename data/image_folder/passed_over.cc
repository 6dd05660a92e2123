#include "data/image_folder/passed_over.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/quote.h"

namespace ebm::data {
namespace {

std::string how_many(std::int64_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

}  // namespace

void PassedOver::add_file(const std::filesystem::path& file) {
  constexpr std::size_t kMaxEnding = 12;
  const auto add_kind = [&](const std::string& kind) { count(kind, kind, ""); };
  if (file.filename().string().starts_with('.')) return add_kind("hidden");
  std::string ending = file.extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (ending.size() < 2 || ending.size() > kMaxEnding) return add_kind("without ending");
  add_kind(ending);
}

void PassedOver::add(const std::string& kind, const std::string& kinds,
                     const std::filesystem::path& path) {
  count(kind, kinds, path.string());
}

void PassedOver::add_folder(const std::filesystem::path& folder) {
  const bool is_hidden = folder.filename().string().starts_with('.');
  const std::string kind = is_hidden ? "hidden folder" : "folder of another program";
  count(kind, is_hidden ? "hidden folders" : "folders of other programs", folder.string());
  ++n_folders_;
}

void PassedOver::count(const std::string& kind, const std::string& kinds,
                       const std::string& first) {
  Count& counted = counts_.try_emplace(kind, Count{.of_many = kinds, .first = first}).first->second;
  ++counted.n;
}

std::string PassedOver::text() const {
  constexpr std::size_t kMaxKinds = 8;
  std::vector<std::pair<std::string, Count>> kinds(counts_.begin(), counts_.end());
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.second.n > b.second.n; });
  std::int64_t all = 0, rest = 0;
  std::string list;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& [kind, counted] = kinds[i];
    all += counted.n;
    if (i >= kMaxKinds) {
      rest += counted.n;
      continue;
    }
    list += (i == 0 ? "" : ", ") + std::to_string(counted.n) + " " +
            (counted.n == 1 ? kind : counted.of_many);
    if (!counted.first.empty()) {
      list += (counted.n == 1 ? " (" : " (the first: ") + counted.first + ")";
    }
  }
  if (rest > 0) list += ", " + std::to_string(rest) + " others";
  const std::int64_t n_files = all - n_folders_;
  std::string counted = n_files > 0 ? how_many(n_files, "file") : "";
  if (n_folders_ > 0) counted += (n_files > 0 ? " and " : "") + how_many(n_folders_, "folder");
  return base::one_line(counted + " passed over: " + list);
}

}  // namespace ebm::data
