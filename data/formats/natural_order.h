#pragma once

#include <string_view>

namespace ebm::data {

/// Whether a comes before b when every run of decimal digits counts as one number: img2 < img10.
/// Other bytes compare by their value. A strict total order on names: where two differ only in
/// leading zeros (img2, img02), plain byte order decides.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace ebm::data
