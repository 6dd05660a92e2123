#include "nets/files/metadata_text.h"

#include <gtest/gtest.h>

#include "nets/files/safetensors.h"

namespace ebm::nets {
namespace {

TEST(MetadataTextTest, TextThatIsNotUtf8IsStoredTwice) {
  const Metadata metadata{{"data", "images:caf\xe9"}, {"name", "zoë"}};
  const Metadata stored{
      {"data", "images:caf\xef\xbf\xbd"}, {"data.hex", "696d616765733a636166e9"}, {"name", "zoë"}};
  EXPECT_EQ(encode_metadata(metadata), stored);
  EXPECT_EQ(decode_metadata(stored), metadata);
}

TEST(MetadataTextTest, HexThatFitsNoTextIsMetadataLikeAnyOther) {
  for (const Metadata& metadata :
       {Metadata{{"data.hex", "ff"}},                            // nothing beside it
        Metadata{{"data", "x"}, {"data.hex", "ff"}},             // of another text
        Metadata{{"data", "\xef\xbf\xbd"}, {"data.hex", "f"}},   // half a byte
        Metadata{{"data", "\xef\xbf\xbd"}, {"data.hex", "fg"}},  // no hexadecimal digit
        Metadata{{"data", "\xef\xbf\xbd"}, {"data.hex", "-1"}},  //
        Metadata{{"data", "x"}, {"data.hex", "78"}},             // text that needed none
        Metadata{{"", "x"}, {".hex", "ff"}}}) {
    EXPECT_EQ(decode_metadata(metadata), metadata);
    EXPECT_EQ(encode_metadata(metadata), metadata);
  }
}

TEST(MetadataTextTest, AFileKeepsEveryByte) {
  SafetensorsFile file;
  for (int byte = 0; byte < 256; ++byte) {
    file.metadata["key " + std::to_string(byte)] = "a" + std::string(1, static_cast<char>(byte));
  }
  EXPECT_EQ(parse_safetensors(safetensors_bytes(file), "x"), file);
}

}  // namespace
}  // namespace ebm::nets
