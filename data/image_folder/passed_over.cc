#include "data/image_folder/passed_over.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/quote.h"

namespace ebm::data {

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
  return base::one_line(std::to_string(all) + (all == 1 ? " file" : " files") +
                        " passed over: " + list);
}

}  // namespace ebm::data
