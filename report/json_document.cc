#include "report/json_document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "base/json_nesting.h"

namespace ebm::report {
namespace {

/// The largest number of keys of an object in a text that nests no deeper than kMaxJsonNesting.
/// Text that is no JSON gets an answer, too.
std::size_t most_keys(std::string_view json) {
  std::array<std::size_t, base::kMaxJsonNesting + 1> n_keys{};  // of the objects that are open
  std::size_t depth = 0, most = 0;
  base::walk_outside_strings(json, [&](char c) {
    if (c == '[' || c == '{') {
      if (depth + 1 == n_keys.size()) return false;  // closed what was never opened: no JSON
      n_keys[++depth] = 0;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == ':') {
      most = std::max(most, ++n_keys[depth]);
    }
    return true;
  });
  return most;
}

}  // namespace

nlohmann::ordered_json parse_json_object(std::string_view json, const std::filesystem::path& path) {
  using Json = nlohmann::ordered_json;
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kBadData, path.string() + ": " + what);
  };
  if (base::nests_deeper(json)) {
    refuse("lies more than " + std::to_string(base::kMaxJsonNesting) + " brackets deep");
  }
  // An object in the order of the file compares each key with all before it. A callback of the
  // parser could count them, but would make it search each array again for every object in it.
  if (most_keys(json) > kMaxJsonKeys) {
    refuse("has an object of more than " + std::to_string(kMaxJsonKeys) +
           " keys: too many for a page");
  }
  Json document = Json::parse(json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    refuse("expected a JSON object of figures, " +
           (document.is_discarded() ? "and it is no JSON"
                                    : "found " + std::string(document.type_name())));
  }
  return document;
}

}  // namespace ebm::report
