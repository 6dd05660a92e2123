#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/interruption.h"
#include "data/load_dataset.h"
#include "data/read_moved_data.h"
#include "ebm/runs/energy_run.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"
#include "training/session_report.h"
#include "training/training_session.h"

namespace ebm::python {
namespace {

using training::Figure;

nb::dict figures_of(const training::TrainStats& stats) {
  nb::dict figures;
  for (const Figure& figure : stats.figures) {
    if (const auto* whole = std::get_if<std::int64_t>(&figure.value)) figures[figure.name] = *whole;
    if (const auto* real = std::get_if<double>(&figure.value)) figures[figure.name] = *real;
  }
  return figures;
}

/// Tells a function of Python: on_event(kind, iteration, payload) -> whether to end. What it raises
/// ends the run, too, once that is saved.
class Events : public training::TrainObserver {
 public:
  Events(const nb::object& on_event, const nb::object& warn) : on_event_(on_event), warn_(warn) {}
  ~Events() override {
    const nb::gil_scoped_acquire held;
    failure_ = nullptr;
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  /// Of what is trained.
  void take(const data::Dataset& dataset, std::int64_t n_iterations) {
    n_iterations_ = n_iterations;
    const data::ItemShape& shape = dataset.shape;
    item_ = dataset.is_image ? std::vector<std::int64_t>{shape.channels, shape.height, shape.width}
                             : std::vector<std::int64_t>{shape.size()};
  }
  bool is_end_requested() const { return ends_; }
  /// @throws what Python raised
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  void on_start(std::int64_t iteration) override {
    tell([&] { return on_event_("start", iteration, n_iterations_); });
  }
  void on_iteration(const training::TrainStats& stats) override {
    constexpr std::chrono::milliseconds kInterval{100};
    const auto now = Clock::now();
    if (now - told_at_ < kInterval) return;
    told_at_ = now;
    tell([&] { return on_event_("iteration", stats.iteration, figures_of(stats)); });
  }
  void on_log(const training::TrainStats& stats) override {
    tell([&] { return on_event_("log", stats.iteration, figures_of(stats)); });
  }
  void on_energies(std::int64_t /*iteration*/, std::span<const float> /*of_data*/,
                   std::span<const float> /*of_samples*/) override {}
  void on_samples(std::int64_t iteration, const training::ShownSamples& samples) override {
    tell([&] {
      std::vector<std::int64_t> shape = item_;
      const std::int64_t dim = size_of(item_);
      shape.insert(shape.begin(), static_cast<std::int64_t>(samples.rows.size()) / dim);
      nb::dict payload;
      payload["from"] = samples.from;
      payload["x"] = to_numpy(std::vector<float>(samples.rows.begin(), samples.rows.end()), shape);
      payload["classes"] = samples.line_names;
      return on_event_("samples", iteration, payload);
    });
  }
  void on_saved(std::int64_t iteration) override {
    tell([&] { return on_event_("checkpoint", iteration, nb::none()); });
  }
  void on_warning(const std::string& line) override {
    tell([&] {
      warn_(line);
      return nb::object(nb::bool_(false));
    });
  }

 private:
  using Clock = std::chrono::steady_clock;

  static std::int64_t size_of(const std::vector<std::int64_t>& shape) {
    std::int64_t size = 1;
    for (const std::int64_t each : shape) size *= each;
    return size;
  }
  template <class Call>
  void tell(const Call& call) {
    if (failure_) return;
    const nb::gil_scoped_acquire held;
    try {
      ends_ = nb::cast<bool>(call()) || ends_;
    } catch (const nb::python_error&) {
      failure_ = std::current_exception();
      ends_ = true;
    }
  }

  const nb::object& on_event_;
  const nb::object& warn_;
  std::vector<std::int64_t> item_;
  std::int64_t n_iterations_ = 0;
  Clock::time_point told_at_;
  bool ends_ = false;
  std::exception_ptr failure_;
};

data::Dataset read_data(const std::string& spec, Events& events) {
  data::Dataset dataset = data::load_dataset(spec, [](double) { base::throw_if_interrupted(); });
  for (const std::string& line : dataset.warnings) events.on_warning(line);
  return dataset;
}

/// @param settings  key=value
/// @return session_json() of what was made
std::string train(const std::string& config, const std::string& out, bool resume,
                  const std::vector<std::string>& settings, const std::string& share_folder,
                  const nb::object& on_event, const nb::object& warn) {
  Events events(on_event, warn);
  training::RunRequest request{.config = config,
                               .recipes = energy_recipes(),
                               .out = out,
                               .resume = resume,
                               .settings = settings,
                               .set = {},
                               .program = EBM_VERSION,
                               .libtorch = {},
                               .share = share_folder,
                               .read_data = [&](const std::string& spec, bool is_own) {
                                 return data::read_moved_data(
                                     is_own, [&] { return read_data(spec, events); });
                               }};
  const auto without_torch = [](const std::string& setting) {
    throw Error(ErrorCode::kUsage, setting +
                                       ": needs LibTorch, which this package is built "
                                       "without");
  };
  std::optional<training::TrainingResult> result;
  run_without_gil([&] {
    run_energy_training(request, nullptr, without_torch, [&](training::TrainingSession session) {
      events.take(session.dataset, session.options.iterations);
      session.observer = &events;
      session.is_shown = false;
      session.options.is_end_requested = [&] { return events.is_end_requested(); };
      result = training::train(session, []() -> const std::atomic<int>& { return stop_flag(); });
    });
  });
  events.rethrow();
  return training::session_json(*result).dump();
}

}  // namespace

void bind_training(nb::module_& module) { module.def("train", train); }

}  // namespace ebm::python
