#pragma once

#include <string>
#include <string_view>

namespace ebm::report {

/// `text` for the content of an element or an attribute in quotes: &, <, >, " and ' become
/// entities; bytes that no text may hold, and those that are no UTF-8, become U+FFFD.
std::string html_escaped(std::string_view text);

/// A section of a page with its heading. @param title, content  HTML
std::string html_section(std::string_view id, std::string_view title, std::string_view content);

/// A JSON document for the inside of a script element, which it could end: every < becomes \u003c.
std::string json_for_script(std::string_view json);

/// Bytes in base 64, padded with =.
std::string base64(std::string_view bytes);

/// 'sha256-...', as a content security policy names a script. @param sha256  hexadecimal digits
std::string csp_hash(std::string_view sha256);

/// "data:image/png;base64,...": a picture inside of a page.
std::string png_data_uri(std::string_view png);

}  // namespace ebm::report
