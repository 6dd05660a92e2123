// docs/networks.md is the reference of the network file: what it says is what the program does.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/layer_tree.h"
#include "nets/architecture/presets.h"
#include "nets/files/architecture_toml.h"

namespace ebm::nets {
namespace {

std::string page() {
  std::ifstream file(std::string(EBM_SOURCE_DIR) + "/docs/networks.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The texts of all TOML blocks.
std::vector<std::string> networks() {
  std::vector<std::string> blocks;
  std::istringstream lines(page());
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```toml") {
      inside = true;
      blocks.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

void collect_types(const std::vector<Layer>& layers, std::set<std::string>& types) {
  for (const Layer& layer : layers) {
    types.insert(type_name(layer));
    for (const auto& [name, inside] : children(layer)) collect_types(inside, types);
  }
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

TEST(NetworksPageTest, ShapesBesideTheLayersAreTheirs) {
  const std::regex shape(R"(# (\d+x\d+x\d+)(?=\n))");
  ASSERT_GE(networks().size(), 9u);
  for (const std::string& text : networks()) {
    const Architecture net = architecture_from_toml(text, text, std::nullopt, Outputs::kAny);
    std::vector<std::string> shapes;
    for (const Shape& each : infer_shapes(net)) shapes.push_back(to_string(each));
    EXPECT_EQ(matches(text, shape), shapes) << text;
  }
}

TEST(NetworksPageTest, HasAnExampleOfEveryKindOfLayer) {
  std::set<std::string> types;
  for (const std::string& text : networks()) {
    const Architecture net = architecture_from_toml(text, text, std::nullopt, Outputs::kAny);
    collect_types(net.layers, types);
  }
  std::set<std::string> all;
  const std::vector<ActivationKind> kinds = {ActivationKind::kSilu,      ActivationKind::kRelu,
                                             ActivationKind::kLeakyRelu, ActivationKind::kElu,
                                             ActivationKind::kSoftplus,  ActivationKind::kTanh,
                                             ActivationKind::kScale};
  for (const ActivationKind kind : kinds) all.insert(type_name(Activation{kind, 0.0}));
  const std::vector<Layer> others = {Conv2d{},
                                     ConvTranspose2d{},
                                     Linear{},
                                     BatchNorm{},
                                     SelfModulatedBatchNorm{},
                                     GroupNorm{},
                                     ChannelScale{},
                                     Attention{},
                                     Film{},
                                     Projection{},
                                     ClassLogits{},
                                     AvgPool{},
                                     SumPool{},
                                     Upsample{},
                                     Flatten{},
                                     Reshape{},
                                     Concat{},
                                     Residual{},
                                     InputEnergy{InputEnergyKind::kInnerProduct},
                                     InputEnergy{InputEnergyKind::kSquaredDistance}};
  // One of each alternative but Activation, which is seven, and InputEnergy, which is two: a new
  // kind of layer has to come here.
  static_assert(std::variant_size_v<Layer::Op> == 20);
  for (const Layer& layer : others) all.insert(type_name(layer));
  EXPECT_EQ(types, all);
}

/// Rows of a table of presets: name, shape, parameters, millions of multiply-adds.
struct Row {
  std::string name;
  Shape shape;
  std::int64_t parameters;
  std::string millions;
};

std::vector<Row> rows(const std::string& text) {
  const std::regex pattern(R"(\| `([\w-]+)` \| (\d+)x(\d+)x(\d+) \| ([\d,]+) \| ([\d.]+) M \|)");
  std::vector<Row> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    std::string digits;
    for (const char c : (*at)[5].str()) {
      if (c != ',') digits += c;
    }
    found.push_back({(*at)[1],
                     {std::stoll((*at)[2]), std::stoll((*at)[3]), std::stoll((*at)[4])},
                     std::stoll(digits),
                     (*at)[6]});
  }
  return found;
}

void expect_sizes(const Row& row, const Architecture& net) {
  EXPECT_EQ(n_parameters(net), row.parameters) << row.name;
  const std::size_t point = row.millions.find('.');
  const auto digits = point == std::string::npos ? 0 : row.millions.size() - point - 1;
  const double unit = std::pow(10.0, -static_cast<double>(digits));
  EXPECT_NEAR(static_cast<double>(multiply_adds(net)) * 1e-6, std::stod(row.millions),
              0.5001 * unit)
      << row.name;
}

TEST(NetworksPageTest, TablesOfPresetsAreRight) {
  const std::string text = page();
  const std::size_t middle = text.find("\nGenerators make an image");
  ASSERT_NE(middle, std::string::npos);
  std::set<std::string> names;
  for (const Row& row : rows(text.substr(0, middle))) {
    names.insert(row.name);
    expect_sizes(row, preset(row.name, row.shape));
  }
  const auto all = preset_names();
  EXPECT_EQ(names, std::set<std::string>(all.begin(), all.end()));

  names.clear();
  for (const Row& row : rows(text.substr(middle))) {
    names.insert(row.name);
    const std::int64_t latent_dim = row.name == "mlp" ? 2 : 64;
    expect_sizes(row, generator_preset(row.name, latent_dim, row.shape));
  }
  const auto generators = generator_preset_names();
  EXPECT_EQ(names, std::set<std::string>(generators.begin(), generators.end()));
}

}  // namespace
}  // namespace ebm::nets
