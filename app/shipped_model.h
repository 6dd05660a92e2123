#pragma once

#include <filesystem>
#include <string>

namespace ebm::app {

/// Where the MODEL of a command line is: the path itself, or, if nothing lies there and it is the
/// plain name of a model that comes with the program (share/models/NAME.safetensors), that one.
std::filesystem::path model_path(const std::string& model);

}  // namespace ebm::app
