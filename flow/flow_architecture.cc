#include "flow/flow_architecture.h"

#include "base/error.h"
#include "training/option_checks.h"

namespace ebm::flow {
namespace {

constexpr std::int64_t kMaxSqueezes = 8;
constexpr std::int64_t kMaxBlocks = 1000;
constexpr std::int64_t kMaxChannels = 65536;
/// The largest slope of x·sigmoid(x), at x = 2.3994, rounded up.
constexpr double kSiluSlope = 1.09984;

bool has_parameter(nets::ActivationKind kind) {
  return kind == nets::ActivationKind::kElu || kind == nets::ActivationKind::kSoftplus;
}

constexpr base::Choice<nets::ActivationKind> kActivations[] = {
    {"elu", nets::ActivationKind::kElu},
    {"silu", nets::ActivationKind::kSilu},
    {"softplus", nets::ActivationKind::kSoftplus},
    {"tanh", nets::ActivationKind::kTanh}};

}  // namespace

std::span<const base::Choice<nets::ActivationKind>> flow_activations() { return kActivations; }

training::ConfigTable FlowArchitecture::table() {
  training::ConfigTable t;
  t.add("channels", &item.channels, "of an item");
  t.add("height", &item.height, "of an item");
  t.add("width", &item.width, "of an item");
  t.add("logit", &logit, "alpha of the logit of items in [-1, 1]; 0 = none");
  t.add("squeezes", &squeezes, "scales, each after a 2x2 squeeze; 0 = one without");
  t.add("blocks", &blocks, "residual blocks per scale");
  t.add("hidden", &hidden, "channels within a block");
  t.add("activation", &activation, flow_activations(), "activation within a block");
  t.add("coefficient", &coefficient, "bound on each layer's Lipschitz constant, below 1");
  return t;
}

void FlowArchitecture::validate() const {
  using training::refuse;
  training::require_in_range("channels", item.channels, 1, kMaxChannels);
  training::require_in_range("height", item.height, 1, kMaxChannels);
  training::require_in_range("width", item.width, 1, kMaxChannels);
  training::require_in_range("squeezes", squeezes, 0, kMaxSqueezes);
  training::require_in_range("blocks", blocks, 1, kMaxBlocks);
  training::require_in_range("hidden", hidden, 1, kMaxChannels);
  base::name_of("activation", flow_activations(), activation);  // throws if it is none of these
  if (!(coefficient > 0.0 && coefficient < 1.0)) {
    refuse("coefficient", coefficient,
           "above 0 and below 1: a block with Lipschitz constant 1 or more has no inverse");
  }
  if (!(logit >= 0.0 && logit < 0.5)) refuse("logit", logit, "from 0 to below 0.5");
  const std::int64_t factor = std::int64_t{1} << squeezes;
  if (item.height % factor != 0 || item.width % factor != 0) {
    refuse("squeezes", squeezes,
           "such that " + std::to_string(factor) + " divides the height and width of " +
               to_string(item));
  }
  nets::validate(branch(n_blocks() - 1), nets::Outputs::kAny);
}

nets::Shape FlowArchitecture::shape_at(std::int64_t block) const {
  nets::Shape shape = item;
  if (squeezes == 0) return shape;
  for (std::int64_t scale = 0; scale <= block / blocks; ++scale) {
    shape = {shape.channels * 4, shape.height / 2, shape.width / 2};
  }
  return shape;
}

nets::Architecture FlowArchitecture::branch(std::int64_t block) const {
  const nets::Shape shape = shape_at(block);
  const std::int64_t wide = shape.height == 1 && shape.width == 1 ? 1 : 3;
  const auto conv = [](std::int64_t channels, std::int64_t kernel) {
    const std::int64_t pad = kernel / 2;
    return nets::Conv2d{.out_channels = channels,
                        .kernel_height = kernel,
                        .kernel_width = kernel,
                        .padding = {pad, pad, pad, pad}};
  };
  const nets::Activation between{activation, has_parameter(activation) ? 1.0 : 0.0};
  nets::Architecture net{.name = "block " + std::to_string(block), .input = shape, .layers = {}};
  if (block > 0) net.layers.emplace_back(between);
  net.layers.emplace_back(conv(hidden, wide));
  net.layers.emplace_back(between);
  net.layers.emplace_back(conv(hidden, 1));
  net.layers.emplace_back(between);
  net.layers.emplace_back(conv(shape.channels, wide));
  return net;
}

std::vector<double> FlowArchitecture::norm_bounds(std::int64_t block) const {
  const double behind = coefficient / activation_slope();
  return {block > 0 ? behind : coefficient, behind, behind};
}

double FlowArchitecture::activation_slope() const {
  return activation == nets::ActivationKind::kSilu ? kSiluSlope : 1.0;
}

FlowArchitecture flow_architecture_from_toml(std::string_view text, const std::string& origin) {
  FlowArchitecture architecture;
  architecture.table().read_toml(text, origin);
  try {
    architecture.validate();
  } catch (const Error& error) {
    throw Error(ErrorCode::kBadData, origin + ": " + error.what());
  }
  return architecture;
}

}  // namespace ebm::flow
