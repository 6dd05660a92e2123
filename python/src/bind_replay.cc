#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/names/choice.h"
#include "base/require.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "replay/replay_buffer.h"

namespace ebm::python {
namespace {

/// A buffer whose iterations are counted: draw() begins one, store() ends it.
class Buffer {
 public:
  Buffer(std::int64_t capacity, std::int64_t item_size, const std::string& storage,
         const std::string& policy, double restart_probability,
         std::optional<std::pair<float, float>> box, std::uint64_t seed)
      : buffer_({.capacity = capacity,
                 .item_size = item_size,
                 .storage = base::value_of<replay::Storage>("storage", replay::kStorages, storage),
                 .policy = base::value_of<replay::Policy>("policy", replay::kPolicies, policy),
                 .restart_probability = restart_probability,
                 .box = box ? std::optional<samplers::Box>({.low = box->first, .high = box->second})
                            : std::nullopt,
                 .seed = seed}) {}

  nb::object draw(std::int64_t n) {
    const std::int64_t item_size = buffer_.options().item_size;
    base::require_at_least("n", n, 1);
    std::vector<float> rows(static_cast<std::size_t>(n * item_size));
    drawn_ = buffer_.draw(iteration_, 0, rows);
    return to_numpy(std::move(rows), {n, item_size});
  }

  void store(const Array& rows, std::int64_t n_steps) {
    if (!drawn_) {
      throw Error(ErrorCode::kUsage, "store: nothing was drawn; call draw() before each store()");
    }
    buffer_.store(iteration_, 0, *drawn_, n_steps, values_of(rows));
    drawn_.reset();
    ++iteration_;
  }

  nb::object ages() const {
    const replay::ReplayState& state = buffer_.state();
    return to_numpy(std::vector<std::int64_t>(state.ages.begin(), state.ages.begin() + state.size),
                    {state.size});
  }

  /// What a checkpoint holds of it.
  nb::dict state() const {
    const replay::ReplayState& state = buffer_.state();
    nb::dict out;
    out["items"] = nb::bytes(reinterpret_cast<const char*>(state.items.data()), state.items.size());
    out["ages"] = to_numpy(state.ages, {static_cast<std::int64_t>(state.ages.size())});
    out["size"] = state.size;
    out["cursor"] = state.cursor;
    out["n_stored"] = state.n_stored;
    out["iteration"] = iteration_;
    return out;
  }
  void restore(const nb::dict& saved) {
    replay::ReplayState state = buffer_.state();
    const auto items = nb::cast<nb::bytes>(saved["items"]);
    const auto* first = reinterpret_cast<const std::byte*>(items.c_str());
    state.items.assign(first, first + items.size());
    const auto ages =
        nb::cast<nb::ndarray<const std::int64_t, nb::c_contig, nb::device::cpu>>(saved["ages"]);
    state.ages.assign(ages.data(), ages.data() + ages.size());
    state.size = nb::cast<std::int64_t>(saved["size"]);
    state.cursor = nb::cast<std::int64_t>(saved["cursor"]);
    state.n_stored = nb::cast<std::int64_t>(saved["n_stored"]);
    buffer_.restore(std::move(state));
    iteration_ = nb::cast<std::int64_t>(saved["iteration"]);
    drawn_.reset();
  }

  std::int64_t size() const { return buffer_.state().size; }
  std::int64_t capacity() const { return buffer_.options().capacity; }
  std::int64_t iteration() const { return iteration_; }
  double mean_age() const { return buffer_.mean_age(); }

 private:
  replay::ReplayBuffer buffer_;
  std::int64_t iteration_ = 0;
  std::optional<replay::Draw> drawn_;
};

}  // namespace

void bind_replay(nb::module_& module) {
  nb::class_<Buffer>(module, "ReplayBuffer")
      .def(nb::init<std::int64_t, std::int64_t, const std::string&, const std::string&, double,
                    std::optional<std::pair<float, float>>, std::uint64_t>())
      .def("draw", &Buffer::draw)
      .def("store", &Buffer::store)
      .def("state", &Buffer::state)
      .def("restore", &Buffer::restore)
      .def_prop_ro("ages", &Buffer::ages)
      .def_prop_ro("size", &Buffer::size)
      .def_prop_ro("capacity", &Buffer::capacity)
      .def_prop_ro("iteration", &Buffer::iteration)
      .def_prop_ro("mean_age", &Buffer::mean_age);
}

}  // namespace ebm::python
