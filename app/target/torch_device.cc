#include "app/target/torch_device.h"

#include <torch/cuda.h>

#include "base/error.h"
#include "torch_nets/libtorch.h"

namespace ebm::app {

void require_device(const std::string& device) {
  if (device == "cuda" && !torch::cuda::is_available()) {
    throw Error(
        ErrorCode::kUsage,
        "device = cuda: this LibTorch sees no CUDA device; use cpu, or build with a LibTorch "
        "that has CUDA");
  }
}

}  // namespace ebm::app
