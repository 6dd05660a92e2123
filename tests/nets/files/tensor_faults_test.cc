#include "nets/files/tensor_faults.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nets/files/import_weights.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

/// Three linear layers, of which the first two are alike.
Architecture twins_and_head() {
  constexpr Activation kSilu{ActivationKind::kSilu, 0.0};
  return {"twins",
          {2, 1, 1},
          {Linear{.out_features = 2}, kSilu, Linear{.out_features = 2}, kSilu,
           Linear{.out_features = 1}}};
}

TensorData zeros_of(const std::vector<std::int64_t>& shape) {
  std::size_t n = 1;
  for (const std::int64_t axis : shape) n *= static_cast<std::size_t>(axis);
  return TensorData::from_floats(shape, std::vector<float>(n));
}

/// By the names that the layers 0, 2 and 4 have.
using ModuleNames = std::map<std::string, std::string>;

/// The message for a file of that network, after its head.
std::string refusal_of_twins(const ModuleNames& modules,
                             const std::function<void(SafetensorsFile&)>& change) {
  SafetensorsFile file;
  for (const Parameter& each : parameters(twins_and_head())) {
    file.tensors[modules.at(each.name.substr(0, 1)) + each.name.substr(1)] = zeros_of(each.shape);
  }
  change(file);
  const std::string head = "w.safetensors does not fit the network twins of an input 2x1x1; ";
  std::string message = expect_error(ErrorCode::kBadData, head, [&] {
    import_weights(twins_and_head(), file, {}, "w.safetensors");
  });
  return message.substr(std::min(head.size(), message.size()));
}

const ModuleNames kPrefixedModules = {{"0", "net.0"}, {"2", "net.2"}, {"4", "net.4"}};
const ModuleNames kForeignModules = {{"0", "fc1"}, {"2", "fc2"}, {"4", "head"}};

TEST(TensorFaultsTest, WhatIsLeftOverBehindAPrefixIsNamed) {
  const auto refusal = [](const std::function<void(SafetensorsFile&)>& change) {
    return refusal_of_twins(kPrefixedModules, change);
  };
  EXPECT_EQ(refusal([](auto& file) { file.tensors["step"] = zeros_of({1}); }),
            "unexpected: step [1]");
  EXPECT_EQ(refusal([](auto& file) { file.tensors["net.step"] = zeros_of({1}); }),
            "unexpected: net.step [1]");
  EXPECT_EQ(refusal([](auto& file) { file.tensors.erase("net.2.bias"); }),
            "missing: net.2.bias [2]");
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors["net.2.b"] = file.tensors.at("net.2.bias");
              file.tensors.erase("net.2.bias");
            }),
            "missing: net.2.bias [2] (is it net.2.b?); unexpected: net.2.b [2]");
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors["net.4.weight"] = zeros_of({2, 1});
            }),
            "other shapes: net.4.weight is [2, 1], must be [1, 2] (the same sizes in another "
            "order); PyTorch's order is [out, in, height, width] and [out, in]");
}

TEST(TensorFaultsTest, WhatIsLeftOverOfLayersWithOtherNamesIsNamed) {
  const auto refusal = [](const std::function<void(SafetensorsFile&)>& change) {
    return refusal_of_twins(kForeignModules, change);
  };
  EXPECT_EQ(refusal([](auto& file) { file.tensors["fc2.step"] = zeros_of({1}); }),
            "unexpected: fc2.step [1]");
  EXPECT_EQ(refusal([](auto& file) { file.tensors["sigma"] = zeros_of({7}); }),
            "unexpected: sigma [7]");
  EXPECT_EQ(refusal([](auto& file) { file.tensors.erase("fc1.bias"); }), "missing: fc1.bias [2]");
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors["head.weight"] = zeros_of({1, 3});
            }),
            "other shapes: head.weight is [1, 3], must be [1, 2]");
  // Which of the three is one too many cannot be known.
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors["fc3.weight"] = zeros_of({2, 2});
              file.tensors["fc3.bias"] = zeros_of({2});
            }),
            "other numbers of layers: 3 in the file (fc1, fc2, fc3), 2 in the network (0, 2), "
            "each of bias [2], weight [2, 2]");
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors.erase("fc2.weight");
              file.tensors.erase("fc2.bias");
            }),
            "other numbers of layers: 1 in the file (fc1), 2 in the network (0, 2), each of bias "
            "[2], weight [2, 2]");
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors.erase("head.weight");
              file.tensors.erase("head.bias");
            }),
            "missing: 4.bias [1], 4.weight [1, 2]");
  // One layer lacks its bias, and the other is gone.
  EXPECT_EQ(refusal([](auto& file) {
              file.tensors.erase("fc1.bias");
              file.tensors.erase("fc2.weight");
              file.tensors.erase("fc2.bias");
            }),
            "missing: fc1.bias [2]; other numbers of layers: 0 in the file, 2 in the network (0, "
            "2), each of bias [2], weight [2, 2]");
}

}  // namespace
}  // namespace ebm::nets
