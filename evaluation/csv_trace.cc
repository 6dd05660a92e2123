#include "evaluation/csv_trace.h"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

namespace ebm::evaluation {
namespace {

void add(std::string& line, float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  line += ',';
  line.append(text.data(), end);
}

}  // namespace

CsvTrace::CsvTrace(const std::filesystem::path& path, const DrawTraceOptions& options)
    : options_(options), file_(path) {}

void CsvTrace::write_header(bool has_counts) {
  std::string header = "chain,draw,energy";
  if (has_counts) header += ",acceptance_rate,diverging";
  for (const std::string& name : options_.parameters.names()) header += "," + name;
  header += "\n";
  file_.append(std::as_bytes(std::span(header)));
}

void CsvTrace::append(const DrawBatch& batch) {
  const bool has_counts = !batch.counts.empty() && batch.counts.front().n_transitions > 0;
  if (draw_ == 0) write_header(has_counts);
  const std::vector<float> values = options_.parameters.of_states(batch.x, options_.dim);
  const auto width = static_cast<std::size_t>(options_.parameters.size());
  std::string text;
  for (std::int64_t i = 0; i < batch.n_draws; ++i, ++draw_) {
    for (std::int64_t chain = 0; chain < options_.n_chains; ++chain) {
      const auto row = static_cast<std::size_t>(i * options_.n_chains + chain);
      text += std::to_string(chain) + "," + std::to_string(draw_);
      add(text, batch.energy[row]);
      if (has_counts) {
        const samplers::ChainInfo& counts = batch.counts[static_cast<std::size_t>(chain)];
        add(text, static_cast<float>(counts.acceptance()));
        text += counts.n_divergent + counts.n_non_finite > 0 ? ",1" : ",0";
      }
      for (std::size_t k = 0; k < width; ++k) add(text, values[row * width + k]);
      text += '\n';
    }
  }
  file_.append(std::as_bytes(std::span(text)));
}

}  // namespace ebm::evaluation
