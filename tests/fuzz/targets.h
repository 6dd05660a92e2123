#pragma once

#include <span>
#include <string_view>

namespace ebm::fuzz {

/// Reads bytes as one of the readers of files and texts that users may not have made themselves.
/// Any bytes are read or refused with an Error; every other outcome is a defect of the reader.
struct Target {
  const char* name;  ///< of the folder of its corpus, too
  void (*read)(std::string_view bytes);
};

void read_adapted(std::string_view bytes);       ///< step sizes that --adapt-out wrote
void read_architecture(std::string_view bytes);  ///< a network in TOML
void read_bench_json(std::string_view bytes);    ///< rates of ebm bench, for --compare
void read_checkpoint(std::string_view bytes);    ///< manifest.json and state.json
void read_cifar10(std::string_view bytes);
void read_config(std::string_view bytes);     ///< a configuration, and arguments of --set
void read_eval_json(std::string_view bytes);  ///< for the page of a run, as the next four
void read_classify_json(std::string_view bytes);
void read_modes_json(std::string_view bytes);
void read_restore_json(std::string_view bytes);
void read_metrics_csv(std::string_view bytes);
void read_events(std::string_view bytes);        ///< TensorBoard's event files
void read_feature_file(std::string_view bytes);  ///< a classifier in safetensors
void read_graph(std::string_view bytes);
void read_gzip(std::string_view bytes);
void read_idx(std::string_view bytes);
void read_jpeg(std::string_view bytes);
void read_model(
    std::string_view bytes);  ///< an energy or a critic in safetensors, and what it gives
void read_npy(std::string_view bytes);
void read_png(std::string_view bytes);
void read_safetensors(std::string_view bytes);
void read_spec(std::string_view bytes);        ///< a data set as named on the command line
void read_state_dict(std::string_view bytes);  ///< weights of PyTorch in safetensors
void read_toy(std::string_view bytes);         ///< a toy energy as named on the command line
void read_webp(std::string_view bytes);

std::span<const Target> targets();

}  // namespace ebm::fuzz
