#pragma once

#include <functional>
#include <map>
#include <string>

namespace ebm::nets {

using Metadata = std::map<std::string, std::string, std::less<>>;

// The metadata of a safetensors file is JSON, whose text is UTF-8, but a name of a file in it may
// hold any bytes. A value that is not UTF-8 is stored with U+FFFD for its wrong bytes, and beside
// it under KEY.hex with all its bytes as hexadecimal digits.

/// `metadata` as it is stored. Keys are not changed.
Metadata encode_metadata(const Metadata& metadata);

/// The inverse. A KEY.hex that does not fit the text under KEY is metadata like any other.
Metadata decode_metadata(Metadata stored);

}  // namespace ebm::nets
