#include "app/target/torch_device.h"

#include <torch/cuda.h>

#include "base/error.h"

namespace ebm::app {

void require_device(torch::DeviceType device) {
  if (device == torch::kCUDA && !torch::cuda::is_available()) {
    throw Error(
        ErrorCode::kUsage,
        "device = cuda: this LibTorch sees no CUDA device; use cpu, or build with a LibTorch "
        "that has CUDA");
  }
}

}  // namespace ebm::app
