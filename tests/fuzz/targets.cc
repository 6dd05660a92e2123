#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

std::span<const Target> targets() {
  static constexpr Target kTargets[] = {
      {"adapted", read_adapted},
      {"architecture", read_architecture},
      {"bench_json", read_bench_json},
      {"checkpoint", read_checkpoint},
      {"cifar10", read_cifar10},
      {"classify_json", read_classify_json},
      {"config", read_config},
      {"eval_json", read_eval_json},
      {"events", read_events},
      {"feature_file", read_feature_file},
      {"graph", read_graph},
      {"gzip", read_gzip},
      {"idx", read_idx},
      {"jpeg", read_jpeg},
      {"metrics_csv", read_metrics_csv},
      {"model", read_model},
      {"modes_json", read_modes_json},
      {"npy", read_npy},
      {"png", read_png},
      {"restore_json", read_restore_json},
      {"safetensors", read_safetensors},
      {"spec", read_spec},
      {"state_dict", read_state_dict},
      {"toy", read_toy},
      {"webp", read_webp},
  };
  return kTargets;
}

}  // namespace ebm::fuzz
