#include "replay/replay_buffer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "samplers/initial_states.h"

namespace ebm::replay {
namespace {

std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

[[noreturn]] void refuse(const std::string& name, const std::string& value, const char* right) {
  throw Error(ErrorCode::kUsage, name + " = " + value + ": must be " + right);
}

}  // namespace

void ReplayOptions::validate() const {
  if (capacity < 1) refuse("buffer_capacity", std::to_string(capacity), "at least 1");
  if (item_size < 1) refuse("item_size", std::to_string(item_size), "at least 1");
  if (context_dim < 0) refuse("context_dim", std::to_string(context_dim), "0 or more");
  if (!(restart_probability >= 0.0 && restart_probability <= 1.0)) {
    refuse("restart_probability", base::number_text(restart_probability), "from 0 to 1");
  }
  if (storage == Storage::kUint8 && !box) {
    refuse("buffer_storage", "uint8", "float32 where the states have no box");
  }
}

ReplayBuffer::ReplayBuffer(const ReplayOptions& options) : options_(options) {
  options_.validate();
  state_.items.resize(at(options_.capacity) * item_bytes());
  state_.context.resize(at(options_.capacity) * at(options_.context_dim));
  state_.ages.resize(at(options_.capacity));
  if (options_.policy != Policy::kInPlace) return;
  state_.size = options_.capacity;
  std::vector<float> row(at(options_.item_size));
  for (std::int64_t slot = 0; slot < options_.capacity; ++slot) {
    samplers::draw_initial_states({.seed = options_.seed, .domain = base::Domain::kChainInit},
                                  static_cast<std::uint64_t>(slot), options_.item_size,
                                  options_.box, row);
    write_item(slot, row);
    if (options_.new_context) {
      options_.new_context(static_cast<std::uint64_t>(slot), 0,
                           std::span(state_.context)
                               .subspan(at(slot * options_.context_dim), at(options_.context_dim)));
    }
  }
}

std::size_t ReplayBuffer::item_bytes() const {
  return at(options_.item_size) * (options_.storage == Storage::kFloat32 ? sizeof(float) : 1);
}

void ReplayBuffer::restore(ReplayState state) {
  const bool fits = state.items.size() == state_.items.size() &&
                    state.context.size() == state_.context.size() &&
                    state.ages.size() == state_.ages.size();
  if (!fits) {
    throw Error(ErrorCode::kShape,
                "the saved replay buffer has " + std::to_string(state.ages.size()) + " slots, " +
                    std::to_string(state.items.size()) + " bytes and " +
                    std::to_string(state.context.size()) + " numbers of context; expected " +
                    std::to_string(options_.capacity) + ", " + std::to_string(state_.items.size()) +
                    " and " + std::to_string(state_.context.size()));
  }
  // Above that, sums of ages could overflow.
  constexpr std::int64_t kMaxCount = std::int64_t{1} << 40;
  const auto require = [](const char* name, std::int64_t value, std::int64_t least,
                          std::int64_t most) {
    if (value >= least && value <= most) return;
    throw Error(ErrorCode::kBadData, std::string("the saved replay buffer has ") + name + " " +
                                         std::to_string(value) + "; expected " +
                                         std::to_string(least) + " to " + std::to_string(most));
  };
  const std::int64_t least_size = options_.policy == Policy::kInPlace ? options_.capacity : 0;
  require("size", state.size, least_size, options_.capacity);
  require("cursor", state.cursor, 0, options_.capacity - 1);
  require("n_stored", state.n_stored, 0, kMaxCount);
  for (const std::int64_t age : state.ages) require("age", age, 0, kMaxCount);
  state_ = std::move(state);
}

std::int64_t ReplayBuffer::n_of(std::span<const float> rows, std::span<const float> context) const {
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / options_.item_size;
  if (n < 1 || n > options_.capacity || rows.size() != at(n * options_.item_size) ||
      context.size() != at(n * options_.context_dim)) {
    throw Error(ErrorCode::kShape, "a batch of " + std::to_string(n) + " chains (" +
                                       std::to_string(rows.size()) + " values, " +
                                       std::to_string(context.size()) +
                                       " of context) does not fit a replay buffer of capacity " +
                                       std::to_string(options_.capacity) + " and item size " +
                                       std::to_string(options_.item_size));
  }
  return n;
}

void ReplayBuffer::write_item(std::int64_t slot, std::span<const float> row) {
  if (options_.storage == Storage::kFloat32) {
    std::memcpy(state_.items.data() + at(slot) * row.size_bytes(), row.data(), row.size_bytes());
    return;
  }
  std::byte* item = state_.items.data() + at(slot) * row.size();
  const float scale = 256.0f / (options_.box->high - options_.box->low);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const float level = std::floor((row[i] - options_.box->low) * scale);
    item[i] = static_cast<std::byte>(static_cast<int>(std::clamp(level, 0.0f, 255.0f)));
  }
}

void ReplayBuffer::read_item(std::int64_t slot, base::RandomStream& below_level,
                             std::span<float> row) const {
  if (options_.storage == Storage::kFloat32) {
    std::memcpy(row.data(), state_.items.data() + at(slot) * row.size_bytes(), row.size_bytes());
    return;
  }
  const std::byte* item = state_.items.data() + at(slot) * row.size();
  const float width = (options_.box->high - options_.box->low) / 256.0f;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto level = static_cast<float>(std::to_integer<int>(item[i]));
    row[i] = options_.box->low + width * (level + below_level.next_uniform());
  }
}

std::vector<std::int64_t> ReplayBuffer::distinct_slots(std::int64_t n,
                                                       base::RandomStream& picks) const {
  // The first entries of a Fisher-Yates shuffle.
  std::vector<std::int64_t> order(at(state_.size));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t i = 0; i < n; ++i) {
    const auto left = static_cast<std::uint64_t>(state_.size - i);
    std::swap(order[at(i)], order[at(i) + picks.next_below(left)]);
  }
  order.resize(at(n));
  return order;
}

void ReplayBuffer::read_random(const base::RandomKey& key, std::uint64_t stream,
                               std::span<float> rows) const {
  const std::int64_t n = static_cast<std::int64_t>(rows.size()) / options_.item_size;
  if (n > state_.size || rows.size() != at(n * options_.item_size)) {
    throw Error(ErrorCode::kShape, std::to_string(rows.size()) + " values to read chains of " +
                                       std::to_string(options_.item_size) +
                                       " into; the replay buffer holds " +
                                       std::to_string(state_.size) + " chains");
  }
  base::RandomStream random(key, stream);
  const auto slots = distinct_slots(n, random);
  for (std::int64_t i = 0; i < n; ++i) {
    read_item(slots[at(i)], random,
              rows.subspan(at(i * options_.item_size), at(options_.item_size)));
  }
}

Draw ReplayBuffer::draw(std::int64_t iteration, std::uint32_t generation, std::span<float> rows,
                        std::span<float> context) const {
  const std::int64_t n = n_of(rows, context);
  const auto stream_of = [&](base::Domain domain) {
    return base::RandomStream({options_.seed, domain, generation},
                              static_cast<std::uint64_t>(iteration));
  };
  Draw drawn{.slots = std::vector<std::int64_t>(at(n), -1),
             .ages = std::vector<std::int64_t>(at(n), 0)};

  base::RandomStream picks = stream_of(base::Domain::kReplayDraw);
  std::ranges::copy(distinct_slots(std::min(n, state_.size), picks), drawn.slots.begin());

  base::RandomStream restarts = stream_of(base::Domain::kReplayRestart);
  base::RandomStream below_level = stream_of(base::Domain::kReplayRead);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::span<float> row = rows.subspan(at(i * options_.item_size), at(options_.item_size));
    const bool restart = restarts.next_uniform() < options_.restart_probability;
    const std::int64_t slot = drawn.slots[at(i)];
    if (restart || slot < 0) {
      // Not one of the streams that filled the slots at the start, and never the same twice.
      const auto stream = static_cast<std::uint64_t>(options_.capacity * (iteration + 1) + i);
      samplers::draw_initial_states({options_.seed, base::Domain::kChainInit, generation}, stream,
                                    options_.item_size, options_.box, row);
      if (options_.new_context) {
        options_.new_context(
            stream, generation,
            context.subspan(at(i * options_.context_dim), at(options_.context_dim)));
      }
      continue;
    }
    read_item(slot, below_level, row);
    drawn.ages[at(i)] = state_.ages[at(slot)];
    std::copy_n(state_.context.begin() + slot * options_.context_dim, options_.context_dim,
                context.begin() + i * options_.context_dim);
  }
  return drawn;
}

void ReplayBuffer::store(std::int64_t iteration, std::uint32_t generation, const Draw& drawn,
                         std::int64_t n_steps, std::span<const float> rows,
                         std::span<const float> context) {
  const std::int64_t n = n_of(rows, context);
  if (static_cast<std::int64_t>(drawn.slots.size()) != n) {
    throw Error(ErrorCode::kShape, "the chains stored are not those drawn");
  }
  overwritten_ = {.size = state_.size, .cursor = state_.cursor, .n_stored = state_.n_stored};
  base::RandomStream decisions({options_.seed, base::Domain::kReplayStore, generation},
                               static_cast<std::uint64_t>(iteration));
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t slot = drawn.slots[at(i)];
    if (options_.policy == Policy::kRing) {
      slot = state_.cursor;
      state_.cursor = (state_.cursor + 1) % options_.capacity;
    } else if (options_.policy == Policy::kReservoir) {
      slot = state_.n_stored < options_.capacity
                 ? state_.n_stored
                 : static_cast<std::int64_t>(
                       decisions.next_below(static_cast<std::uint64_t>(state_.n_stored) + 1));
    }
    ++state_.n_stored;
    if (slot >= options_.capacity) continue;  // the reservoir drops this one
    state_.size = std::max(state_.size, slot + 1);
    keep_overwritten(slot);
    write_item(slot, rows.subspan(at(i * options_.item_size), at(options_.item_size)));
    state_.ages[at(slot)] = drawn.ages[at(i)] + n_steps;
    std::copy_n(context.begin() + i * options_.context_dim, options_.context_dim,
                state_.context.begin() + slot * options_.context_dim);
  }
}

void ReplayBuffer::keep_overwritten(std::int64_t slot) {
  const auto item = state_.items.begin() + slot * static_cast<std::int64_t>(item_bytes());
  const auto context = state_.context.begin() + slot * options_.context_dim;
  overwritten_.slots.push_back(slot);
  overwritten_.ages.push_back(state_.ages[at(slot)]);
  overwritten_.items.insert(overwritten_.items.end(), item,
                            item + static_cast<std::int64_t>(item_bytes()));
  overwritten_.context.insert(overwritten_.context.end(), context, context + options_.context_dim);
}

void ReplayBuffer::undo_store() {
  // The last first, as a reservoir may have written a slot twice.
  for (std::int64_t i = std::ssize(overwritten_.slots); i-- > 0;) {
    const std::int64_t slot = overwritten_.slots[at(i)];
    state_.ages[at(slot)] = overwritten_.ages[at(i)];
    std::copy_n(overwritten_.items.begin() + i * static_cast<std::int64_t>(item_bytes()),
                item_bytes(),
                state_.items.begin() + slot * static_cast<std::int64_t>(item_bytes()));
    std::copy_n(overwritten_.context.begin() + i * options_.context_dim, options_.context_dim,
                state_.context.begin() + slot * options_.context_dim);
  }
  state_.size = overwritten_.size;
  state_.cursor = overwritten_.cursor;
  state_.n_stored = overwritten_.n_stored;
  overwritten_.slots.clear();
}

double ReplayBuffer::mean_age() const {
  if (state_.size == 0) return 0.0;
  const auto held = std::span(state_.ages).first(at(state_.size));
  return static_cast<double>(std::accumulate(held.begin(), held.end(), std::int64_t{0})) /
         static_cast<double>(state_.size);
}

}  // namespace ebm::replay
