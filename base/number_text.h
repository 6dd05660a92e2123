#pragma once

#include <span>
#include <string>
#include <vector>

namespace ebm::base {

/// A number for a message, to six significant digits: "0.1", "1e+39", "nan", "-inf".
std::string number_text(double value);

/// A number for a file: the shortest decimal that reads back as the same bits.
std::string exact_text(double value);
std::string exact_text(float value);

/// The double whose shortest decimal is that of a float, so that files and documents whose numbers
/// are doubles say 0.04 and not 0.03999999910593033; it rounds to the same float.
double plain_double(float value);
std::vector<double> plain_doubles(std::span<const float> values);

}  // namespace ebm::base
