#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace ebm::report {

/// Keys that one object may have: more, no page can show.
inline constexpr std::size_t kMaxJsonKeys = 1000;

/// The JSON object in a file, its keys in their order.
/// @param path  for messages
/// @throws Error(kBadData) if the text is no JSON, no object, lies too deep to be read safely
///         (base::kMaxJsonNesting), or holds an object of more than kMaxJsonKeys keys.
nlohmann::ordered_json parse_json_object(std::string_view json, const std::filesystem::path& path);

}  // namespace ebm::report
