#pragma once

#include <string>

namespace ebm::base {

/// A number for a message, to six significant digits: "0.1", "1e+39", "nan", "-inf".
std::string number_text(double value);

/// A number for a file: the shortest decimal that reads back as the same bits.
std::string exact_text(double value);
std::string exact_text(float value);

}  // namespace ebm::base
