#pragma once

#include <string>

namespace ebm::base {

/// A number for a message, to six significant digits: "0.1", "1e+39", "nan", "-inf".
std::string number_text(double value);

}  // namespace ebm::base
