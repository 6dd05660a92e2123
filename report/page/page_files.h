#pragma once

#include <string_view>

namespace ebm::report {

/// A file that is compiled into the program.
struct EmbeddedFile {
  std::string_view text;
  std::string_view sha256;  ///< of the text, in hexadecimal digits
};

// Files that a build puts into the program, for the page to hold.

EmbeddedFile page_style();   ///< report/page/report.css
EmbeddedFile page_script();  ///< report/page/report.js

// Of Debian's package libjs-dygraphs.
EmbeddedFile dygraphs_style();
EmbeddedFile dygraphs_script();
EmbeddedFile dygraphs_licence();

}  // namespace ebm::report
