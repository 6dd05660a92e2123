#include "evaluation/netcdf_trace.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "base/error.h"
#include "evaluation/netcdf_library.h"

namespace ebm::evaluation {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

/// A NetCDF file in memory.
class NetcdfFile {
 public:
  explicit NetcdfFile(const std::filesystem::path& path)
      : name_(path.filename().string()), library_(netcdf_library()) {
    check(library_.create_mem(name_.c_str(), NC_NETCDF4, 1 << 16, &id_));
    is_open_ = true;
  }
  ~NetcdfFile() {
    if (is_open_) library_.abort(id_);
  }
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  int id() const { return id_; }
  int add_group(const char* name) {
    int group = 0;
    check(library_.def_grp(id_, name, &group));
    return group;
  }
  /// An axis with the coordinates first, first + 1, ...
  int add_axis(int group, const std::string& name, std::int64_t length, std::int64_t first = 0) {
    int axis = 0;
    check(library_.def_dim(group, name.c_str(), static_cast<std::size_t>(length), &axis));
    std::vector<long long> indices(static_cast<std::size_t>(length));
    std::iota(indices.begin(), indices.end(), first);
    check(library_.put_var_longlong(group, add_variable(group, name, NC_INT64, {axis}),
                                    indices.data()));
    return axis;
  }
  int add_variable(int group, const std::string& name, nc_type type, const std::vector<int>& axes) {
    int variable = 0;
    check(library_.def_var(group, name.c_str(), type, static_cast<int>(axes.size()), axes.data(),
                           &variable));
    return variable;
  }
  void add_text(int group, int variable, const char* name, std::string_view text) {
    check(library_.put_att_text(group, variable, name, text.size(), text.data()));
  }
  void write(int group, const std::string& name, const std::vector<int>& axes,
             const std::vector<float>& values) {
    if (values.empty()) return;
    check(library_.put_var_float(group, add_variable(group, name, NC_FLOAT, axes), values.data()));
  }
  void write(int group, const std::string& name, const std::vector<int>& axes,
             const std::vector<std::int64_t>& values) {
    if (values.empty()) return;
    const std::vector<long long> copy(values.begin(), values.end());
    check(library_.put_var_longlong(group, add_variable(group, name, NC_INT64, axes), copy.data()));
  }
  /// Truth values, as xarray marks them.
  void write(int group, const std::string& name, const std::vector<int>& axes,
             const std::vector<signed char>& values) {
    if (values.empty()) return;
    const int variable = add_variable(group, name, NC_BYTE, axes);
    add_text(group, variable, "dtype", "bool");
    check(library_.put_var_schar(group, variable, values.data()));
  }
  /// Ends the file and stores it.
  void save(const std::filesystem::path& path) {
    NC_memio bytes{};
    is_open_ = false;
    check(library_.close_memio(id_, &bytes));
    const std::unique_ptr<void, Free> owner(bytes.memory);
    base::write_file_atomically(
        path, std::string_view(static_cast<const char*>(bytes.memory), bytes.size));
  }

 private:
  void check(int status) const {
    if (status == NC_NOERR) return;
    throw Error(ErrorCode::kIo,
                "cannot write " + name_ + ": NetCDF says: " + library_.strerror(status));
  }

  std::string name_;
  const NetcdfLibrary& library_;
  int id_ = 0;
  bool is_open_ = false;
};

}  // namespace

NetcdfTrace::NetcdfTrace(std::filesystem::path path, const DrawTraceOptions& options)
    : path_(std::move(path)), options_(options) {
  netcdf_library();
  base::require_writable(path_);
  const auto n = static_cast<std::size_t>(options.n_chains * options.n_draws);
  for (const samplers::Variable& variable : options.parameters.variables) {
    values_.emplace_back(n * static_cast<std::size_t>(variable.size()));
  }
  lp_.resize(n);
  if (options.has_momentum) hamiltonian_.resize(n);
}

void NetcdfTrace::append(const DrawBatch& batch) {
  const std::vector<float> all = options_.parameters.of_states(batch.x, options_.dim);
  const bool has_counts = !batch.counts.empty() && batch.counts.front().n_transitions > 0;
  if (has_counts && acceptance_.empty()) {
    acceptance_.resize(lp_.size());
    n_gradients_.resize(lp_.size());
    diverging_.resize(lp_.size());
  }
  const auto temperature = static_cast<float>(options_.temperature);
  auto value = all.begin();
  for (std::int64_t i = 0; i < batch.n_draws; ++i, ++draw_) {
    for (std::int64_t chain = 0; chain < options_.n_chains; ++chain) {
      const auto row = static_cast<std::size_t>(i * options_.n_chains + chain);
      const std::size_t at = place_of(chain);
      for (std::size_t v = 0; v < values_.size(); ++v) {
        const std::int64_t size = options_.parameters.variables[v].size();
        std::copy_n(value, size, values_[v].begin() + static_cast<std::int64_t>(at) * size);
        value += size;
      }
      lp_[at] = -batch.energy[row] / temperature;
      if (options_.has_momentum) hamiltonian_[at] = batch.hamiltonian[row] / temperature;
      if (!has_counts) continue;
      const samplers::ChainInfo& counts = batch.counts[static_cast<std::size_t>(chain)];
      acceptance_[at] = static_cast<float>(counts.acceptance());
      n_gradients_[at] = counts.n_gradients;
      diverging_[at] = counts.n_divergent + counts.n_non_finite > 0 ? 1 : 0;
    }
  }
}

void NetcdfTrace::finish() {
  NetcdfFile file(path_);
  file.add_text(file.id(), NC_GLOBAL, "creation_library", "ebm");
  const auto add_group = [&](const char* name, std::vector<int>& axes) {
    const int group = file.add_group(name);
    file.add_text(group, NC_GLOBAL, "inference_library", "ebm");
    file.add_text(group, NC_GLOBAL, "sampler", options_.sampler);
    axes = {file.add_axis(group, "chain", options_.n_chains),
            file.add_axis(group, "draw", options_.n_draws)};
    return group;
  };
  std::vector<int> axes;
  const int posterior = add_group("posterior", axes);
  for (std::size_t v = 0; v < values_.size(); ++v) {
    const samplers::Variable& variable = options_.parameters.variables[v];
    std::vector<int> all = axes;
    for (std::size_t k = 0; k < variable.shape.size(); ++k) {
      all.push_back(file.add_axis(posterior, variable.name + "_dim_" + std::to_string(k),
                                  variable.shape[k], variable.first));
    }
    file.write(posterior, variable.name, all, values_[v]);
  }
  const int stats = add_group("sample_stats", axes);
  file.write(stats, "lp", axes, lp_);
  file.write(stats, "energy", axes, hamiltonian_);
  file.write(stats, "acceptance_rate", axes, acceptance_);
  file.write(stats, "n_steps", axes, n_gradients_);
  file.write(stats, "diverging", axes, diverging_);
  file.save(path_);
}

}  // namespace ebm::evaluation
