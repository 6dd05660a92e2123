#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace ebm::report {

/// The JSON object in a file, its keys in their order.
/// @param path  for messages
/// @throws Error(kBadData) if the text is no JSON, no object, or lies too deep to be read safely.
nlohmann::ordered_json parse_json_object(std::string_view json, const std::filesystem::path& path);

}  // namespace ebm::report
