#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/error.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/safetensors.h"

namespace ebm::nets {
namespace {

constexpr int kMutations = 500;

// Up to four changes: a byte replaced, a stretch removed, repeated, or overwritten by digits.
std::string mutate(std::string text, std::mt19937_64& words) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(words() % n); };
  for (std::size_t change = 0, n = 1 + below(4); change < n && !text.empty(); ++change) {
    const std::size_t at = below(text.size());
    const std::size_t length = 1 + below(12);
    switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(words() & 255);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(below(text.size()), text.substr(at, length));
        break;
      default:
        text.replace(at, 1, std::to_string(words() >> below(64)));
    }
  }
  return text;
}

// Any outcome but success or a one-line Error escapes, and fails the test.
template <class Parse>
int n_refused(const std::string& original, const Parse& parse) {
  std::mt19937_64 words(17);
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    try {
      parse(mutate(original, words));
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
  return refused;
}

TEST(FuzzTest, MutatedSafetensorsParseOrAreRefused) {
  SafetensorsFile file;
  const std::vector<float> values(16, 1.0f);
  for (const Parameter& parameter : parameters(preset("mnistnet", {1, 28, 28}))) {
    file.tensors[parameter.name] = TensorData::from_floats({4, 4}, values);
  }
  file.metadata["name"] = "fuzz";
  const int refused = n_refused(safetensors_bytes(file),
                                [](const std::string& bytes) { parse_safetensors(bytes, "fuzz"); });
  EXPECT_GT(refused, kMutations / 2);
  EXPECT_LT(refused, kMutations);
}

TEST(FuzzTest, MutatedTomlParsesOrIsRefused) {
  for (const char* name : {"uva", "igebm32"}) {
    const std::string text = architecture_to_toml(preset(name, {3, 32, 32}));
    const int refused = n_refused(text, [](const std::string& mutated) {
      const Architecture net = architecture_from_toml(mutated, "fuzz");
      EXPECT_EQ(architecture_from_toml(architecture_to_toml(net), "again"), net);
    });
    EXPECT_GT(refused, kMutations / 2);
    EXPECT_LT(refused, kMutations);
  }
}

}  // namespace
}  // namespace ebm::nets
