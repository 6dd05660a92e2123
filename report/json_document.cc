#include "report/json_document.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_nesting.h"

namespace ebm::report {

nlohmann::ordered_json parse_json_object(std::string_view json, const std::filesystem::path& path) {
  using Json = nlohmann::ordered_json;
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kBadData, path.string() + ": " + what);
  };
  if (base::nests_deeper(json)) {
    refuse("lies more than " + std::to_string(base::kMaxJsonNesting) + " brackets deep");
  }
  // An object in the order of the file compares each key with all before it.
  std::vector<std::size_t> n_keys(base::kMaxJsonNesting + 2);
  bool too_many = false;
  const Json document = Json::parse(
      json,
      [&](int depth, Json::parse_event_t event, Json& /*parsed*/) {
        const auto level = static_cast<std::size_t>(depth);
        if (event == Json::parse_event_t::object_start) n_keys[level + 1] = 0;
        if (event == Json::parse_event_t::key) too_many |= ++n_keys[level] > kMaxJsonKeys;
        return !too_many;
      },
      /*allow_exceptions=*/false);
  if (too_many) {
    refuse("has an object of more than " + std::to_string(kMaxJsonKeys) +
           " keys: too many for a page");
  }
  if (!document.is_object()) {
    refuse("expected a JSON object of figures, " +
           (document.is_discarded() ? "and it is no JSON"
                                    : "found " + std::string(document.type_name())));
  }
  return document;
}

}  // namespace ebm::report
