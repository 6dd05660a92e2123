#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/names/choice.h"
#include "base/random.h"
#include "samplers/kernels/langevin.h"

namespace ebm::replay {

enum class Storage {
  kFloat32,  ///< as they are
  kUint8,    ///< one of 256 levels of the box, with uniform noise below one level on reading
};

enum class Policy {
  kInPlace,    ///< chains return to the slots they came from; starts full of new chains
  kRing,       ///< chains overwrite the oldest entries; starts empty
  kReservoir,  ///< a uniform sample of all chains ever stored (Vitter 1985, algorithm R); starts
               ///< empty
};

inline constexpr base::Choice<Storage> kStorages[] = {{"float32", Storage::kFloat32},
                                                      {"uint8", Storage::kUint8}};
inline constexpr base::Choice<Policy> kPolicies[] = {
    {"in-place", Policy::kInPlace}, {"ring", Policy::kRing}, {"reservoir", Policy::kReservoir}};

struct ReplayOptions {
  std::int64_t capacity = 8192;
  std::int64_t item_size = 0;    ///< floats in one state
  std::int64_t context_dim = 0;  ///< floats of context (a label) beside each state
  Storage storage = Storage::kFloat32;
  Policy policy = Policy::kInPlace;
  double restart_probability = 0.05;  ///< that a drawn chain starts anew, independently
  std::optional<samplers::Box> box = std::nullopt;  ///< new chains: uniform on it, else N(0, I)
  std::uint64_t seed = 0;
  /// Writes the context [context_dim] of a chain that starts from this stream of
  /// base::Domain::kChainInit. Without it that of a chain in a buffer that starts full is 0, and a
  /// restart leaves that of the caller.
  std::function<void(std::uint64_t stream, std::uint32_t generation, std::span<float> context)>
      new_context = nullptr;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The state of a buffer, as a checkpoint stores it.
struct ReplayState {
  std::vector<std::byte> items;    ///< [capacity, item_size] of float32 or uint8
  std::vector<float> context;      ///< [capacity, context_dim]
  std::vector<std::int64_t> ages;  ///< [capacity], sampler steps since the chain's start
  std::int64_t size = 0;           ///< slots 0, ..., size − 1 hold a chain
  std::int64_t cursor = 0;         ///< ring: the next slot to write
  std::int64_t n_stored = 0;       ///< reservoir: chains ever stored

  bool operator==(const ReplayState&) const = default;
};

/// The chains drawn for one iteration.
struct Draw {
  std::vector<std::int64_t> slots;  ///< [n], −1 where the buffer had no more chains
  std::vector<std::int64_t> ages;   ///< [n], 0 for a new chain
};

/// Buffer of persistent chains. Its random numbers are addressed by iteration and generation, so a
/// buffer restored to an iteration continues with the same bits. Source: Tieleman 2008 (persistent
/// chains); Du & Mordatch 2019, section 3.2.
class ReplayBuffer {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit ReplayBuffer(const ReplayOptions& options);

  const ReplayOptions& options() const { return options_; }
  const ReplayState& state() const { return state_; }
  /// @throws Error(kShape) if the sizes are not those of this buffer, Error(kBadData) for a counter
  ///         or an age that it cannot have.
  void restore(ReplayState state);

  /// Draws n chains from distinct slots; each restarts with restart_probability.
  /// @param rows     [n, item_size], written
  /// @param context  [n, context_dim], written; that of a new chain by new_context
  /// @throws Error(kShape) on other sizes or n above the capacity.
  Draw draw(std::int64_t iteration, std::uint32_t generation, std::span<float> rows,
            std::span<float> context = {}) const;

  /// Reads the chains of n distinct slots, every choice equally likely, without restarts: for
  /// display.
  /// @param key, stream  of the choice and of the noise below one level
  /// @param rows         [n, item_size], written
  /// @throws Error(kShape) unless the buffer holds as many chains.
  void read_random(const base::RandomKey& key, std::uint64_t stream, std::span<float> rows) const;

  /// Stores the chains of a draw after n_steps more steps, by the policy.
  void store(std::int64_t iteration, std::uint32_t generation, const Draw& drawn,
             std::int64_t n_steps, std::span<const float> rows,
             std::span<const float> context = {});
  /// Brings back the state before the last store(). Once only, and not after a restore().
  void undo_store();

  /// Mean age of the chains held, in sampler steps.
  double mean_age() const;

 private:
  /// What a store() wrote over, slot by slot.
  struct Overwritten {
    std::int64_t size = 0, cursor = 0, n_stored = 0;
    std::vector<std::int64_t> slots{};
    std::vector<std::int64_t> ages{};
    std::vector<std::byte> items{};
    std::vector<float> context{};
  };

  std::size_t item_bytes() const;
  /// Keeps what is in a slot that is about to be written.
  void keep_overwritten(std::int64_t slot);
  std::int64_t n_of(std::span<const float> rows, std::span<const float> context) const;
  /// n of the slots that hold a chain, every set of them equally likely.
  std::vector<std::int64_t> distinct_slots(std::int64_t n, base::RandomStream& picks) const;
  void write_item(std::int64_t slot, std::span<const float> row);
  void read_item(std::int64_t slot, base::RandomStream& below_level, std::span<float> row) const;

  ReplayOptions options_;
  ReplayState state_;
  Overwritten overwritten_;  // by the last store()
};

}  // namespace ebm::replay
