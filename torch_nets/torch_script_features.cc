#include "torch_nets/torch_script_features.h"

#include <torch/nn/functional/upsampling.h>
#include <torch/script.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/path_kind.h"
#include "torch_nets/feature_net.h"

namespace ebm::torch_nets {
namespace {
namespace F = torch::nn::functional;

/// What a message of LibTorch says went wrong: the first line of one that goes on with a backtrace,
/// the last of one that the interpreter of TorchScript puts a traceback before.
std::string gist(const std::string& text) {
  const auto last = text.find_last_not_of('\n');
  const auto before = text.rfind('\n', last);
  if (text.find("TorchScript interpreter") == std::string::npos || before == std::string::npos) {
    return text.substr(0, text.find('\n'));
  }
  return text.substr(before + 1, last - before);
}

torch::jit::Module load(const std::filesystem::path& path) {
  if (!base::is_file(path)) {
    throw Error(ErrorCode::kNoInput, "no such file: " + path.string());
  }
  try {
    torch::jit::Module module = torch::jit::load(path.string(), torch::kCPU);
    module.eval();
    return module;
  } catch (const c10::Error&) {
    throw Error(ErrorCode::kBadData,
                path.string() +
                    " is no TorchScript module; expected what torch.jit.save writes, or a "
                    ".safetensors file of ebm features train");
  }
}

/// What to do to the images first, and how to call the module.
struct Convention {
  bool returns_features = false;  ///< has the argument of that name
  std::int64_t image_size = 0;    ///< 0: as they are
};

Convention convention_of(const torch::jit::Module& module, const std::filesystem::path& path) {
  const auto forward = module.find_method("forward");
  if (!forward) throw Error(ErrorCode::kBadData, path.string() + " has no method forward");
  Convention convention;
  for (const auto& argument : forward->function().getSchema().arguments()) {
    convention.returns_features |= argument.name() == "return_features";
  }
  if (module.hasattr("image_size") && module.attr("image_size").isInt()) {
    convention.image_size = module.attr("image_size").toInt();
  }
  return convention;
}

torch::Tensor prepared(torch::Tensor x, const Convention& convention) {
  if (convention.returns_features) {
    if (x.size(1) == 1) x = x.expand({-1, 3, -1, -1});
    x = (x + 1.0) * 127.5;
  }
  if (convention.image_size > 0) {
    x = F::interpolate(x, F::InterpolateFuncOptions()
                              .size(std::vector<std::int64_t>(2, convention.image_size))
                              .mode(torch::kBilinear)
                              .align_corners(false));
  }
  return x;
}

}  // namespace

std::shared_ptr<const evaluation::FeatureExtractor> torch_script_features(
    const std::filesystem::path& path, const nets::Shape& input) {
  const auto module = std::make_shared<torch::jit::Module>(load(path));
  const Convention convention = convention_of(*module, path);
  const std::string name = path.string();
  const auto apply = [module, convention, name](const torch::Tensor& x) {
    // An optimised graph differs from the one that is being profiled, so that bits would depend on
    // which group came first.
    torch::jit::setGraphExecutorOptimize(false);
    try {
      const auto images = prepared(x, convention);
      const auto out = convention.returns_features
                           ? module->forward({images}, {{"return_features", true}})
                           : module->forward({images});
      if (!out.isTensor()) throw Error(ErrorCode::kBadData, name + " returns no tensor");
      return out.toTensor();
    } catch (const c10::Error& error) {
      throw Error(ErrorCode::kBadData,
                  name + " cannot be used on these images: " + gist(error.what()));
    } catch (const std::runtime_error& error) {
      if (dynamic_cast<const Error*>(&error) != nullptr) throw;
      throw Error(ErrorCode::kBadData,
                  name + " cannot be used on these images: " + gist(error.what()));
    }
  };
  return std::make_shared<FeatureNet>(input, name + " (TorchScript)", apply);
}

}  // namespace ebm::torch_nets
