#include "nets/files/architecture_toml.h"

#include <gtest/gtest.h>

#include "nets/architecture/presets.h"
#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

constexpr const char* kSmall = R"(name = "mine"
input = [1, 28, 28]
[[layer]]
type = "conv2d"
out_channels = 16
kernel = 5
stride = 2
padding = 4
spectral_norm = true
[[layer]]
type = "residual"
body = [ {type = "silu"}, {type = "conv2d", out_channels = 16, kernel = [3, 1], padding = [1, 1, 0, 0]} ]
shortcut = []
[[layer]]
type = "leaky_relu"
[[layer]]
type = "avg_pool"
kernel = 2
[[layer]]
type = "sum_pool"
[[layer]]
type = "linear"
out_features = 1
)";

// Expects an error for a network of one layer with the lines `body` after its type.
void expect_layer_error(const std::string& layer, const std::string& part,
                        ErrorCode code = ErrorCode::kBadData) {
  expect_error(code, part, [&] {
    architecture_from_toml("input = [1, 8, 8]\n[[layer]]\n" + layer, "net.toml");
  });
}

TEST(ArchitectureTomlTest, AWeightNormIsReadAndWritten) {
  const std::string text = R"(input = [1, 8, 8]
layer = [
  {type = "conv2d", out_channels = 2, kernel = 3, weight_norm = true},
  {type = "residual", body = [{type = "conv2d", out_channels = 2, kernel = 1, weight_norm = true}]},
  {type = "flatten"},
  {type = "linear", out_features = 1, weight_norm = true},
])";
  const Architecture net = architecture_from_toml(text, "net.toml");
  EXPECT_TRUE(std::get<Conv2d>(net.layers[0].op).weight_norm);
  EXPECT_TRUE(std::get<Linear>(net.layers[3].op).weight_norm);
  EXPECT_EQ(architecture_from_toml(architecture_to_toml(net), "net.toml"), net);
  expect_layer_error(
      "type = \"conv_transpose2d\"\nout_channels = 1\nkernel = 1\nweight_norm = true",
      "weight_norm");
  expect_layer_error(
      "type = \"linear\"\nout_features = 1\nweight_norm = true\nspectral_norm = true",
      "has spectral_norm and weight_norm", ErrorCode::kShape);
}

TEST(ArchitectureTomlTest, ReadsWhatIsWrittenAndFillsInDefaults) {
  const Architecture net = architecture_from_toml(kSmall, "net.toml");
  EXPECT_EQ(net.name, "mine");
  EXPECT_EQ(net.input, (Shape{1, 28, 28}));
  ASSERT_EQ(net.layers.size(), 6u);
  Conv2d first;
  first.out_channels = 16;
  first.kernel_height = first.kernel_width = 5;
  first.stride = 2;
  first.padding = {4, 4, 4, 4};
  first.spectral_norm = true;
  EXPECT_EQ(net.layers[0], Layer(first));
  const auto& residual = std::get<Residual>(net.layers[1].op);
  EXPECT_EQ(std::get<Conv2d>(residual.body[1].op).padding, (Padding{1, 1, 0, 0}));
  EXPECT_TRUE(residual.shortcut.empty());
  EXPECT_EQ(net.layers[2], Layer(Activation{ActivationKind::kLeakyRelu, 0.01}));
  EXPECT_EQ(net.layers[3], Layer(AvgPool{2, 2}));
}

TEST(ArchitectureTomlTest, WritingAndReadingGivesTheNetworkBack) {
  std::vector<Architecture> nets = {architecture_from_toml(kSmall, "x")};
  for (const std::string& name : preset_names()) nets.push_back(preset(name, {3, 36, 32}));
  Conv2d odd;
  odd.kernel_width = 2;
  odd.padding = {1, 2, 3, 0};
  odd.bias = false;
  odd.init_scale = 1.0 / 3.0;
  const Residual inner{{Activation{ActivationKind::kElu, 0.1}}, {}};
  nets.push_back(
      {"quote \" backslash \\ line \n umlaut ü",
       {1, 9, 9},
       {odd, Residual{{inner, Residual{}}, {Activation{ActivationKind::kSoftplus, 1e20}}},
        Activation{ActivationKind::kLeakyRelu, -0.0}, AvgPool{3, 1}, Flatten{},
        Linear{1, false, true, false, 0.0}}});
  nets.push_back({"generator",
                  {7, 1, 1},
                  {Linear{12}, Reshape{{3, 2, 2}}, BatchNorm{}, SelfModulatedBatchNorm{},
                   ConvTranspose2d{.out_channels = 5,
                                   .kernel_height = 4,
                                   .kernel_width = 3,
                                   .stride = 2,
                                   .padding = {1, 0, 1, 0},
                                   .bias = false},
                   BatchNorm{1e-3}, SelfModulatedBatchNorm{8, 1e-3}, Upsample{3},
                   Activation{ActivationKind::kTanh, 0.0}, SumPool{}, Linear{}}});
  nets.push_back({"conditional",
                  {7, 1, 1},
                  {Film{}, Residual{{Film{8}}, {}}, Linear{3}, ClassLogits{}},
                  3,
                  true});
  nets.push_back(
      {"unet",
       {2, 8, 6},
       {Concat{{Activation{}, Concat{}}}, Conv2d{.out_channels = 2},
        InputEnergy{InputEnergyKind::kSquaredDistance}, Activation{ActivationKind::kScale, 0.5}}});
  nets.push_back({"product", {2, 8, 6}, {InputEnergy{}}});
  nets.push_back({"mixing",
                  {6, 8, 6},
                  {Residual{{GroupNorm{3, 1e-4}, Attention{2, 5}, ChannelScale{.init = 0.1}}, {}},
                   GroupNorm{2}, ChannelScale{.bias = true}, Attention{}, Flatten{}, Linear{}}});
  nets.push_back({"projected", {7, 1, 1}, {Projection{}}, 1 << 24});
  for (const Architecture& net : nets) {
    const std::string text = architecture_to_toml(net);
    EXPECT_EQ(architecture_from_toml(text, "again"), net) << text;
    EXPECT_EQ(architecture_to_toml(architecture_from_toml(text, "again")), text);
  }
}

TEST(ArchitectureTomlTest, ConditionsAreKeysOfTheFile) {
  const Architecture net = architecture_from_toml(
      "input = [2, 1, 1]\nclasses = 10\nnoise_level = true\n"
      "layer = [{type = \"film\"}, {type = \"projection\"}]",
      "x");
  EXPECT_EQ(net, (Architecture{"", {2, 1, 1}, {Film{32}, Projection{}}, 10, true}));
  const auto refuse = [](const std::string& lines, const std::string& part,
                         ErrorCode code = ErrorCode::kBadData) {
    expect_error(code, part, [&] {
      architecture_from_toml("input = [2, 1, 1]\n" + lines + "\nlayer = [{type = \"projection\"}]",
                             "net.toml");
    });
  };
  refuse("classes = 0", "net.toml:2: classes is 0, must be at least 1");
  refuse("classes = 2.0", "net.toml:2: classes is a fraction, must be an integer");
  refuse("classes = 16777217", "net.toml: classes is 16777217, must be", ErrorCode::kShape);
  refuse("clases = 2", "unknown key \"clases\"; did you mean \"classes\"?");
  refuse("noise_level = 1", "noise_level is an integer, must be true or false");
  refuse("", "net.toml: layer 0 (projection): reads a label", ErrorCode::kShape);
  expect_layer_error("type = \"film\"\nhidden = 0", "hidden is 0, must be at least 1");
  expect_layer_error("type = \"class_logits\"\nclasses = 3", "unknown key \"classes\"");
}

// What was written before there were conditions has not a byte more.
TEST(ArchitectureTomlTest, ANetworkWithoutConditionsNamesNone) {
  for (const std::string& name : preset_names()) {
    const std::string text = architecture_to_toml(preset(name, {3, 36, 32}));
    EXPECT_EQ(text.find("classes"), text.npos);
    EXPECT_EQ(text.find("noise_level"), text.npos);
  }
}

TEST(ArchitectureTomlTest, InputMayComeFromTheCallerAndMustAgree) {
  const std::string layers =
      "layer = [{type = \"flatten\"}, {type = \"linear\", out_features = 1}]";
  EXPECT_EQ(architecture_from_toml(layers, "x", Shape{3, 4, 5}).input, (Shape{3, 4, 5}));
  expect_error(ErrorCode::kBadData, "net.toml: missing key \"input\"",
               [&] { architecture_from_toml(layers, "net.toml"); });
  expect_error(ErrorCode::kShape, "net.toml:2: input is [1, 28, 28], but the data are [3, 32, 32]",
               [] {
                 architecture_from_toml(kSmall, "net.toml", Shape{3, 32, 32});
               });
}

TEST(ArchitectureTomlTest, UnknownWordsSuggestTheNearest) {
  expect_layer_error(
      "type = \"conv2d\"\nout_channels = 1\nkernel = 3\nstrid = 2",
      "net.toml:6: layer 0 (conv2d): unknown key \"strid\"; did you mean \"stride\"?");
  expect_layer_error(
      "type = \"leakyrelu\"",
      "net.toml:3: layer 0: unknown type \"leakyrelu\"; did you mean \"leaky_relu\"?");
  expect_layer_error("type = \"transformer\"", "known: conv2d, conv_transpose2d, linear");
  expect_error(ErrorCode::kBadData, "unknown key \"layers\"; did you mean \"layer\"?",
               [] { architecture_from_toml("layers = []", "x", Shape{}); });
}

TEST(ArchitectureTomlTest, WrongValuesAreNamedWithLineAndPath) {
  expect_layer_error("type = \"linear\"\nout_features = \"1\"",
                     "net.toml:4: layer 0 (linear): out_features is text, must be an integer");
  expect_layer_error("type = \"linear\"", "missing key \"out_features\"");
  expect_layer_error("kernel = 3", "net.toml:2: layer 0: missing key \"type\"");
  expect_layer_error("type = 3", "type is an integer, must be text");
  expect_layer_error("type = \"avg_pool\"\nkernel = -2", "kernel is -2, must be at least 1");
  expect_layer_error("type = \"avg_pool\"\nkernel = 2.0", "kernel is a fraction");
  expect_layer_error("type = \"elu\"\nalpha = nan", "alpha is not finite");
  expect_layer_error("type = \"elu\"\nslope = 1", "unknown key \"slope\"");
  expect_layer_error("type = \"linear\"\nout_features = 1\nbias = 1", "must be true or false");
  const std::string conv = "type = \"conv2d\"\nout_channels = 1\nkernel = ";
  expect_layer_error(conv + "[1, 2, 3]", "kernel has 3 entries, must be an integer or [height");
  expect_layer_error(conv + "true", "kernel is a boolean, must be an integer or [height, width]");
  expect_layer_error(conv + "1\npadding = [0, 0, 0, -1]", "padding is -1, must be at least 0");
  expect_layer_error("type = \"residual\"\nbody = [{type = \"silu\"}, 4]",
                     "net.toml:4: layer 0 (residual).body.1: is an integer, must be a table");
  expect_layer_error("type = \"residual\"\nbody = {}", "body is a table, must be a list of tables");
}

TEST(ArchitectureTomlTest, SkipConnectionsThatDoNotFitAreNamedWithTheirLine) {
  expect_layer_error("type = \"concat\"\nbody = [{type = \"avg_pool\", kernel = 2}]",
                     "net.toml:2: layer 0 (concat): the input is 1x8x8 but body gives 1x4x4; their "
                     "channels are joined, height and width must be equal",
                     ErrorCode::kShape);
  expect_layer_error("type = \"concat\"", "net.toml:2: layer 0 (concat): missing key \"body\"");
  expect_layer_error("type = \"concat\"\nbody = []\n[[layer]]\ntype = \"inner_product\"",
                     "net.toml: layer 1 (inner_product): the input is 2x8x8, but it goes with the "
                     "network's input, "
                     "1x8x8; they must be of one shape",
                     ErrorCode::kShape);
}

TEST(ArchitectureTomlTest, LayersThatDoNotFitAreNamedWithTheirLine) {
  expect_layer_error("type = \"silu\"\n[[layer]]\ntype = \"linear\"\nout_features = 1",
                     "net.toml:4: layer 1 (linear): the input is 1x8x8", ErrorCode::kShape);
  expect_layer_error("type = \"silu\"", "net.toml: layer 0 (silu): the last output is 1x8x8",
                     ErrorCode::kShape);
}

TEST(ArchitectureTomlTest, TextThatIsNotTomlIsNamedWithItsLine) {
  expect_error(ErrorCode::kBadData, "net.toml:2: not TOML",
               [] { architecture_from_toml("name = \"a\"\ninput = [", "net.toml"); });
  expect_error(ErrorCode::kBadData, "not TOML",
               [] { architecture_from_toml("a = 1\na = 2", "net.toml"); });
}

TEST(ArchitectureTomlTest, DeepNestingIsAnErrorAndNotAStackOverflow) {
  std::string nested = "{type = \"silu\"}";
  for (int i = 0; i < 17; ++i) nested.insert(0, "{type = \"residual\", body = [").append("]}");
  expect_error(ErrorCode::kBadData, "more than 16 deep",
               [&] { architecture_from_toml("layer = [" + nested + "]", "x", Shape{}); });
  const auto fails = [](const std::string& text) {
    expect_error(ErrorCode::kBadData, "x", [&] { architecture_from_toml(text, "x", Shape{}); });
  };
  fails("layer = " + std::string(100000, '['));
  std::string dotted = "a";
  for (int i = 0; i < 200000; ++i) dotted += ".a";
  fails(dotted + " = 1");
  fails("[" + dotted + "]");
}

TEST(ArchitectureTomlTest, NumbersBeyond53BitsRoundToTheNearestDouble) {
  const Architecture net = architecture_from_toml(
      "input = [1, 1, 1]\n[[layer]]\ntype = \"linear\"\nout_features = 1\n"
      "init_scale = 9007199254740993\n",
      "x");
  EXPECT_EQ(std::get<Linear>(net.layers[0].op).init_scale, 9007199254740992.0);
}

}  // namespace
}  // namespace ebm::nets
