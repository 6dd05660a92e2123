#pragma once

#include <string_view>

namespace ebm::report {

// Files that a build puts into the program, for the page to hold.

std::string_view page_style();   ///< report/page/report.css
std::string_view page_script();  ///< report/page/report.js

// Of Debian's package libjs-dygraphs.
std::string_view dygraphs_style();
std::string_view dygraphs_script();
std::string_view dygraphs_licence();

}  // namespace ebm::report
