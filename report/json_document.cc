#include "report/json_document.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace ebm::report {

nlohmann::ordered_json parse_json_object(std::string_view json, const std::filesystem::path& path) {
  using Json = nlohmann::ordered_json;
  // What reads the document calls itself for what lies inside.
  constexpr int kDeepest = 16;
  bool too_deep = false;
  Json document = Json::parse(
      json,
      [&](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
        too_deep = too_deep || depth > kDeepest;
        return !too_deep;
      },
      /*allow_exceptions=*/false);
  if (too_deep) {
    throw Error(ErrorCode::kBadData,
                path.string() + ": lies more than " + std::to_string(kDeepest) + " brackets deep");
  }
  if (!document.is_object()) {
    throw Error(ErrorCode::kBadData,
                path.string() + ": expected a JSON object of figures, " +
                    (document.is_discarded() ? "and it is no JSON"
                                             : "found " + std::string(document.type_name())));
  }
  return document;
}

}  // namespace ebm::report
