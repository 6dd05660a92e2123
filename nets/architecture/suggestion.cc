#include "nets/architecture/suggestion.h"

#include "base/names/nearest_name.h"

namespace ebm::nets {

std::string suggestion(std::string_view word, std::span<const std::string> known) {
  const std::string nearest = base::nearest_name(word, known);
  if (!nearest.empty()) return "did you mean \"" + nearest + "\"?";
  std::string list;
  for (const std::string& name : known) list += (list.empty() ? "known: " : ", ") + name;
  return list;
}

}  // namespace ebm::nets
