#include "data/image_folder/passed_over.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/quote.h"

namespace ebm::data {

void PassedOver::add_file(const std::filesystem::path& file) {
  constexpr std::size_t kLongestEnding = 12;
  if (file.filename().string().starts_with('.')) return add("hidden");
  std::string ending = file.extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (ending.size() < 2 || ending.size() > kLongestEnding) return add("without ending");
  add(ending);
}

std::string PassedOver::text() const {
  constexpr std::size_t kMaxKinds = 8;
  std::vector<std::pair<std::string, std::int64_t>> kinds(counts_.begin(), counts_.end());
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::int64_t all = 0, rest = 0;
  std::string list;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    all += kinds[i].second;
    if (i >= kMaxKinds) {
      rest += kinds[i].second;
      continue;
    }
    list += (i == 0 ? "" : ", ") + std::to_string(kinds[i].second) + " " + kinds[i].first;
  }
  if (rest > 0) list += ", " + std::to_string(rest) + " others";
  return base::one_line(std::to_string(all) + (all == 1 ? " file" : " files") +
                        " passed over: " + list);
}

}  // namespace ebm::data
