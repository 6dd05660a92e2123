#pragma once

#include <string>

namespace ebm::app {

/// A JSON document as commands print it. Bytes of names and paths that are not UTF-8 become
/// U+FFFD, the replacement character.
template <class Json>
std::string json_text(const Json& document) {
  return document.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ebm::app
