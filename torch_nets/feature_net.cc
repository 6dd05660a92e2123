#include "torch_nets/feature_net.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"
#include "evaluation/compiled_features.h"
#include "torch_nets/intraop_threads.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kGroup = 32;

}  // namespace

FeatureNet::FeatureNet(nets::Shape input, std::string description, Apply apply)
    : input_(input), description_(std::move(description)), apply_(std::move(apply)) {
  use_one_intraop_thread();
}

void FeatureNet::apply_to_group(std::span<const float> rows, std::int64_t first,
                                evaluation::ImageFeatures& out) const {
  const base::FlushDenormals flush;
  const torch::NoGradGuard no_grad;
  const std::int64_t n = std::min(kGroup, out.n - first);
  auto x = torch::empty({n, input_.channels, input_.height, input_.width});
  std::memcpy(x.data_ptr<float>(), rows.data() + first * input_.size(),
              static_cast<std::size_t>(n * input_.size()) * sizeof(float));
  const auto features = apply_(x).to(torch::kFloat32).contiguous();
  if (features.dim() != 2 || features.size(0) != n || features.size(1) < 1) {
    throw Error(ErrorCode::kBadData, description_ + " makes no matrix [n, d] of n images");
  }
  if (out.d == 0) {  // the first group, which is alone
    out.d = features.size(1);
    out.values.resize(static_cast<std::size_t>(out.n * out.d));
  }
  if (features.size(1) != out.d) {
    throw Error(ErrorCode::kBadData, description_ + " makes " + std::to_string(features.size(1)) +
                                         " features of one image and " + std::to_string(out.d) +
                                         " of another");
  }
  for (std::int64_t i = 0; i < n && !features.isfinite().all().item<bool>(); ++i) {
    if (features[i].isfinite().all().item<bool>()) continue;
    throw Error(ErrorCode::kBadData, description_ + " makes features of image " +
                                         std::to_string(first + i) + " that are not finite");
  }
  std::memcpy(out.values.data() + first * out.d, features.data_ptr<float>(),
              static_cast<std::size_t>(n * out.d) * sizeof(float));
}

evaluation::ImageFeatures FeatureNet::features_of(std::span<const float> rows,
                                                  const std::string& name, int n_threads,
                                                  const OnImages& on_images) const {
  evaluation::require_images(rows, input_, name);
  evaluation::ImageFeatures out{
      .n = std::ssize(rows) / input_.size(), .d = 0, .values = {}, .classes = {}};
  apply_to_group(rows, 0, out);
  const std::int64_t n_groups = (out.n + kGroup - 1) / kGroup;
  for (std::int64_t done = 1; done < n_groups; done += n_threads) {
    if (on_images) on_images(done * kGroup);
    const std::int64_t piece = std::min<std::int64_t>(n_threads, n_groups - done);
    base::parallel_for(piece, n_threads, [&](std::int64_t task) {
      apply_to_group(rows, (done + task) * kGroup, out);
    });
  }
  if (on_images) on_images(out.n);
  return out;
}

}  // namespace ebm::torch_nets
