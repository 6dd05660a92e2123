#include "nets/files/import_weights.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/aligned_vector.h"
#include "base/atomic_file.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/read_layer_weights.h"
#include "samplers/chain_block.h"
#include "tests/nets/expect_error.h"
#include "tests/nets/files/raw_tensor.h"

namespace ebm::nets {
namespace {

constexpr Activation kImportSilu{ActivationKind::kSilu, 0.0};

/// conv 2x2 of one channel to two with padding 1, then a linear layer, of images of 3x3.
Architecture import_net() {
  Conv2d conv{.out_channels = 2, .kernel_height = 2, .kernel_width = 2, .padding = {1, 1, 1, 1}};
  return {"small", {1, 3, 3}, {conv, kImportSilu, Flatten{}, Linear{.out_features = 1}}};
}

/// Three linear layers, of which the first two are alike.
Architecture twin_net() {
  return {"twins",
          {2, 1, 1},
          {Linear{.out_features = 2}, kImportSilu, Linear{.out_features = 2}, kImportSilu,
           Linear{.out_features = 1}}};
}

/// Values 1/1024, 2/1024, ... of each tensor, by the names that `name_of` gives.
template <class Name>
SafetensorsFile import_file(const Architecture& net, const Name& name_of) {
  SafetensorsFile file;
  float next = 0.0f;
  for (const Parameter& parameter : parameters(net)) {
    std::vector<float> values(static_cast<std::size_t>(parameter.size()));
    for (float& value : values) value = (next += 1.0f) / 1024.0f;
    file.tensors[name_of(parameter.name)] = TensorData::from_floats(parameter.shape, values);
  }
  return file;
}

std::string own_name(const std::string& name) { return name; }

ImportedWeights import(const Architecture& net, const SafetensorsFile& file,
                       const ImportOptions& options = {}) {
  return import_weights(net, file, options, "w.safetensors");
}

TEST(ImportWeightsTest, FilmsAndProjectionsAreLayersOfSeveralModules) {
  const Architecture net{"conditional",
                         {2, 1, 1},
                         {Linear{2}, Film{}, Linear{2}, Film{}, Linear{3}, Projection{}},
                         4,
                         true};
  EXPECT_EQ(import(net, import_file(net, own_name)).match.rule, "named as the network's");
  const auto python_name = [](const std::string& name) {
    const std::size_t dot = name.find('.');
    const std::string number = name.substr(0, dot), end = name.substr(dot);
    const std::map<std::string, std::string> modules = {
        {"0", "fc1"}, {"1", "film1"}, {"2", "fc2"}, {"3", "film2"}, {"4", "dense"}, {"5", "head"}};
    return modules.at(number) + end;
  };
  const ImportedWeights imported = import(net, import_file(net, python_name));
  EXPECT_TRUE(imported.match.by_shape);
  for (const Parameter& each : parameters(net)) {
    EXPECT_EQ(imported.match.names.at(each.name), python_name(each.name));
  }
  SafetensorsFile lacking = import_file(net, own_name);
  lacking.tensors.erase("1.class_shift.weight");
  expect_error(ErrorCode::kBadData, "missing: 1.class_shift.weight [5, 2]",
               [&] { import(net, lacking); });
}

TEST(ImportWeightsTest, TheSignOfAProjectionIsThatOfItsTableToo) {
  const Architecture net{"conditional", {2, 1, 1}, {Projection{}}, 1};
  const SafetensorsFile file = import_file(net, own_name);
  const ImportedWeights negative = import(net, file, {.negate = true});
  for (const Parameter& each : parameters(net)) {
    EXPECT_EQ(negative.weights.tensors.at(each.name).as_floats()[0],
              -file.tensors.at(each.name).as_floats()[0])
        << each.name;
  }
  const Architecture logits{"logits", {2, 1, 1}, {Linear{2}, ClassLogits{}}, 2};
  expect_error(ErrorCode::kUsage, "negate: the last layer is class_logits",
               [&] { import(logits, import_file(logits, own_name), {.negate = true}); });
}

/// E of one item.
float imported_energy(const ImportedWeights& imported, const std::vector<float>& item) {
  const CompiledNet net(imported.architecture,
                        read_layer_weights(imported.architecture, imported.weights, "w"));
  base::AlignedVector<float> x(item.size() * samplers::kLanes), grad(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = item[i / samplers::kLanes];
  base::AlignedVector<float> energy(samplers::kLanes);
  net.make_evaluator(1)->evaluate({1, x, {}}, energy, grad);
  return energy[0];
}

TEST(ImportWeightsTest, NamesOfTheNetworkAreTakenAsTheyAre) {
  const SafetensorsFile file = import_file(import_net(), own_name);
  const ImportedWeights imported = import(import_net(), file);
  EXPECT_EQ(imported.weights, file);
  EXPECT_EQ(imported.match.rule, "named as the network's");
  EXPECT_TRUE(imported.converted.empty());
}

TEST(ImportWeightsTest, CommonPrefixesAreTakenOff) {
  const SafetensorsFile file =
      import_file(import_net(), [](const std::string& name) { return "module.net." + name; });
  const ImportedWeights imported = import(import_net(), file);
  EXPECT_EQ(imported.weights, import_file(import_net(), own_name));
  EXPECT_EQ(imported.match.rule, "matched by name behind the prefix module.net.");
}

TEST(ImportWeightsTest, LayersWithOtherNamesAreMatchedByTheirShapes) {
  const auto rename = [](const std::string& name) {
    return (name.starts_with("0") ? "features" : "head") + name.substr(1);
  };
  const ImportedWeights imported = import(import_net(), import_file(import_net(), rename));
  EXPECT_EQ(imported.weights, import_file(import_net(), own_name));
  EXPECT_TRUE(imported.match.by_shape);
  EXPECT_EQ(imported.match.names.at("3.bias"), "head.bias");
}

TEST(ImportWeightsTest, LayersThatAreAlikeAreOrderedByTheirNumbers) {
  // "fc10" comes before "fc9" in the alphabet and after it by its number.
  const auto rename = [](const std::string& name) {
    const std::string layer = name.substr(0, 1);
    return (layer == "0" ? "fc9" : layer == "2" ? "fc10" : "last") + name.substr(1);
  };
  const ImportedWeights imported = import(twin_net(), import_file(twin_net(), rename));
  EXPECT_EQ(imported.weights, import_file(twin_net(), own_name));
  EXPECT_EQ(imported.match.rule, "matched by their shapes and the numbers in their names");
}

TEST(ImportWeightsTest, LayersThatCannotBeToldApartAreNamed) {
  const auto rename = [](const std::string& name) {
    const std::string layer = name.substr(0, 1);
    return (layer == "0" ? "inner" : layer == "2" ? "after" : "last") + name.substr(1);
  };
  const SafetensorsFile file = import_file(twin_net(), rename);
  expect_error(ErrorCode::kBadData,
               "layers after, inner have the same shapes, so that it is not clear which is which "
               "of the network's layers 0, 2; give --rename LAYER=NUMBER for each",
               [&] { import(twin_net(), file); });
  const ImportedWeights imported =
      import(twin_net(), file, {.renames = {{"inner", "0"}, {"after", "2"}, {"last", "4"}}});
  EXPECT_EQ(imported.weights, import_file(twin_net(), own_name));
  EXPECT_EQ(imported.match.rule, "renamed");
  expect_error(ErrorCode::kUsage, "would both be named 0.", [&] {
    import(twin_net(), file, {.renames = { {"inner", "0"}, { "after", "0" } }});
  });
}

TEST(ImportWeightsTest, AllFaultsAreInOneLine) {
  SafetensorsFile file = import_file(import_net(), own_name);
  file.tensors.erase("0.bias");
  file.tensors["head.weight"] = TensorData::from_floats({1}, std::vector<float>{1.0f});
  file.tensors["0.weight"].shape = {2, 2, 1, 2};
  const std::string message = expect_error(ErrorCode::kBadData,
                                           "w.safetensors does not fit the "
                                           "network small of an input 1x3x3",
                                           [&] { import(import_net(), file); });
  EXPECT_NE(message.find("missing: 0.bias [2]; unexpected: head.weight [1]; other shapes: 0.weight "
                         "is [2, 2, 1, 2], must be [2, 1, 2, 2] (the same sizes in another order); "
                         "PyTorch's order is [out, in, height, width] and [out, in]"),
            std::string::npos)
      << message;
}

TEST(ImportWeightsTest, OfManyFaultsTheFirstAreNamed) {
  SafetensorsFile file;
  for (int i = 0; i < 1000; ++i) {
    file.tensors["layer" + std::to_string(i) + std::string(1000, '\n')] =
        TensorData::from_floats({1}, std::vector<float>{1.0f});
  }
  const std::string message =
      expect_error(ErrorCode::kBadData, " and 992 more", [&] { import(import_net(), file); });
  EXPECT_LT(message.size(), 4000u);
}

TEST(ImportWeightsTest, NamesOfManyPartsTakeNoTime) {
  // A copy for each of 500,000 parts would be 500 GB.
  SafetensorsFile file;
  std::string name;
  for (int i = 0; i < 500000; ++i) name += "a.";
  file.tensors[name + "weight"] = TensorData::from_floats({1}, std::vector<float>{1.0f});
  expect_error(ErrorCode::kBadData, "unexpected: \"a.a.a.", [&] { import(import_net(), file); });
}

TEST(ImportWeightsTest, NamesThatNoModuleHasAreShownAsTheyAre) {
  for (const char* odd :
       {".bias", "..bias", ".", "", "0.", ".0.bias", ".parametrizations.weight.original",
        "0parametrizations.weight.original", "parametrizations.weight.original", "embed.weight",
        ".embed.weight", ".level.0.bias"}) {
    for (const bool conditional : {false, true}) {
      Architecture net = import_net();
      if (conditional) {
        net.classes = 2;
        net.layers.insert(net.layers.begin() + 1, Film{});
      }
      SafetensorsFile file = import_file(net, own_name);
      file.tensors.erase("0.bias");
      file.tensors[odd] = TensorData::from_floats({2}, std::vector<float>{1.0f, 2.0f});
      const std::string message =
          expect_error(ErrorCode::kBadData, "0.bias [2]", [&] { import(net, file); });
      const std::string shown = *odd == '\0' ? "\"\" [2]" : std::string(odd) + " [2]";
      EXPECT_NE(message.find(shown), std::string::npos) << odd << ": " << message;
    }
  }
}

TEST(ImportWeightsTest, SpectralNormsOfBothKindsAreRead) {
  Architecture net{"normed", {2, 1, 1}, {Linear{.out_features = 1, .spectral_norm = true}}};
  const SafetensorsFile file = import_file(net, [](const std::string& name) {
    if (name == "0.parametrizations.weight.original") return std::string("0.weight_orig");
    if (name == "0.parametrizations.weight.0._u") return std::string("0.weight_u");
    if (name == "0.parametrizations.weight.0._v") return std::string("0.weight_v");
    return name;
  });
  EXPECT_EQ(import(net, file).weights, import_file(net, own_name));
}

TEST(ImportWeightsTest, WeightNormsOfBothKindsAreRead) {
  const Architecture net{
      "normed",
      {2, 1, 1},
      {Linear{.out_features = 3, .weight_norm = true}, Linear{.out_features = 1}}};
  const SafetensorsFile older = import_file(net, [](const std::string& name) {
    if (name == "0.parametrizations.weight.original0") return std::string("head.weight_g");
    if (name == "0.parametrizations.weight.original1") return std::string("head.weight_v");
    if (name == "0.bias") return std::string("head.bias");
    return name;
  });
  EXPECT_EQ(import(net, older).weights, import_file(net, own_name));
  EXPECT_EQ(import(net, import_file(net, own_name)).weights, import_file(net, own_name));
}

TEST(ImportWeightsTest, CountersOfBatchNormsAreLeftOut) {
  Architecture net{"norm", {2, 1, 1}, {BatchNorm{}, Linear{.out_features = 1}}};
  SafetensorsFile file = import_file(net, own_name);
  file.tensors["0.num_batches_tracked"] = TensorData::from_int64s({}, std::vector<std::int64_t>{7});
  EXPECT_EQ(import(net, file).weights, import_file(net, own_name));
}

TEST(ImportWeightsTest, OtherTypesAreCountedAndConverted) {
  SafetensorsFile file = import_file(import_net(), own_name);
  const std::vector<std::uint16_t> halves = {0x3c00, 0xc000};
  file.tensors["0.bias"] = raw_tensor(DType::kF16, halves.data(), 4);
  const std::vector<double> bias = {0.1};
  file.tensors["3.bias"] = raw_tensor(DType::kF64, bias.data(), 8);
  const ImportedWeights imported = import(import_net(), file);
  EXPECT_EQ(imported.weights.tensor("0.bias").as_floats()[1], -2.0f);
  EXPECT_EQ(imported.weights.tensor("3.bias").as_floats()[0], 0.1f);
  EXPECT_EQ(imported.converted,
            (std::map<DType, std::int64_t>{{DType::kF64, 1}, {DType::kF16, 1}}));
}

TEST(ImportWeightsTest, NegatingChangesTheSignOfTheEnergyAlone) {
  const std::vector<float> item = {0.5f, -0.25f, 0.125f, 1.0f, -1.0f, 0.0f, 0.75f, 0.375f, -0.5f};
  const SafetensorsFile file = import_file(import_net(), own_name);
  const float energy = imported_energy(import(import_net(), file), item);
  EXPECT_NE(energy, 0.0f);
  EXPECT_EQ(imported_energy(import(import_net(), file, {.negate = true}), item), -energy);

  const Architecture normed{
      "normed", {2, 1, 1}, {Linear{.out_features = 1, .spectral_norm = true}}};
  const SafetensorsFile of_normed = import_file(normed, own_name);
  EXPECT_EQ(imported_energy(import(normed, of_normed, {.negate = true}), {0.5f, 2.0f}),
            -imported_energy(import(normed, of_normed), {0.5f, 2.0f}));

  const Architecture lengths{
      "lengths", {2, 1, 1}, {Linear{.out_features = 1, .weight_norm = true}}};
  const SafetensorsFile of_lengths = import_file(lengths, own_name);
  EXPECT_NE(imported_energy(import(lengths, of_lengths), {0.5f, 2.0f}), 0.0f);
  EXPECT_EQ(imported_energy(import(lengths, of_lengths, {.negate = true}), {0.5f, 2.0f}),
            -imported_energy(import(lengths, of_lengths), {0.5f, 2.0f}));

  const Architecture pooled{"pooled", {1, 3, 3}, {SumPool{}}};
  expect_error(ErrorCode::kUsage, "negate: the last layer is sum_pool",
               [&] { import(pooled, {}, {.negate = true}); });
}

TEST(ImportWeightsTest, AScaleOfTheInputIsAFirstLayer) {
  // u = 0.5·x + 0.5 maps [−1, 1] to [0, 1]: the energy of x is that of u without the scale, to
  // rounding, also at the border, where the convolution sees zeros of u and not of x.
  const std::vector<float> x = {0.5f, -0.25f, 0.125f, 1.0f, -1.0f, 0.0f, 0.75f, 0.375f, -0.5f};
  std::vector<float> u;
  for (const float each : x) u.push_back(0.5f * each + 0.5f);
  const SafetensorsFile file = import_file(import_net(), own_name);
  const ImportedWeights scaled =
      import(import_net(), file, {.input = {.scale = {0.5}, .shift = {0.5}}});
  EXPECT_EQ(scaled.architecture.layers.size(), import_net().layers.size() + 1);
  // Halves of numbers with few digits are exact, and all else is the same arithmetic.
  EXPECT_EQ(imported_energy(scaled, x), imported_energy(import(import_net(), file), u));
}

TEST(ImportWeightsTest, AScaleHasOneValueOrOneForEachChannel) {
  const Architecture colour{"colour", {3, 1, 2}, {Flatten{}, Linear{.out_features = 1}}};
  const SafetensorsFile file = import_file(colour, own_name);
  const ImportedWeights scaled =
      import(colour, file, {.input = {.scale = {1.0, 2.0, 4.0}, .shift = {0.0, 1.0, 0.0}}});
  EXPECT_EQ(imported_energy(scaled, {1.0f, 2.0f, 1.0f, 2.0f, 1.0f, 2.0f}),
            imported_energy(import(colour, file), {1.0f, 2.0f, 3.0f, 5.0f, 4.0f, 8.0f}));
  expect_error(ErrorCode::kUsage, "2 values for the channels of 3x1x2", [&] {
    import(colour, file, {.input = {.scale = {1.0, 2.0}, .shift = { 0.0 } }});
  });
}

TEST(ImportWeightsTest, AFileOfTorchSaveIsNamedAsSuch) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "import_weights_test.pt";
  for (const char* start : {"PK\x03\x04", "\x80\x02"}) {
    base::write_file_atomically(path, std::string(start) + "...");
    expect_error(ErrorCode::kBadData, path.string() + ": is a file of torch.save",
                 [&] { read_state_dict(path); });
  }
  write_safetensors(path, import_file(import_net(), own_name));
  EXPECT_EQ(read_state_dict(path).tensors.size(), parameters(import_net()).size());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace ebm::nets
