#pragma once

#include <cstdint>

#include "base/philox.h"

namespace ebm::base {

/// What random numbers are used for. Each purpose has its own key, so that no two of them ever
/// share a word. The values are part of the reproducibility contract: append, never renumber.
enum class Domain : std::uint32_t {
  kChainNoise = 1,     ///< Langevin noise; stream = chain id
  kChainInit = 2,      ///< initial states; stream = chain id
  kWeights = 3,        ///< initial weights; stream = index of the parameter
  kShuffle = 4,        ///< order of an epoch; stream = epoch
  kDequantize = 5,     ///< uniform noise below one grey level; stream = position in training order
  kDataNoise = 6,      ///< Gaussian noise on data; stream = position in training order
  kReplayDraw = 7,     ///< slots of the replay buffer; stream = iteration
  kReplayRestart = 8,  ///< which chains restart; stream = iteration
  kReplayStore = 9,    ///< which stored chains a reservoir keeps; stream = iteration
  kToyData = 10,       ///< draws of toy data sets; stream = item
  kPreview = 11,       ///< chains of the sample grids made while training; stream = chain id
  kPowerIteration = 12,      ///< initial vectors of spectral norms; stream = index of the parameter
  kSampleInit = 14,          ///< starts of ebm sample; stream = chain id
  kSampleNoise = 15,         ///< noise of ebm sample; stream = chain id
  kReplayRead = 13,          ///< noise on stored items; stream = iteration; + 2^62: their changes
  kAnnealInit = 16,          ///< forward starts of annealed importance sampling; stream = chain id
  kAnnealNoise = 17,         ///< its forward transitions; stream = chain id
  kAnnealReverseNoise = 18,  ///< its reverse transitions; stream = chain id
  kAnnealPilotInit = 19,     ///< starts of its pilot chains; stream = chain id
  kAnnealPilotNoise = 20,    ///< transitions of its pilot chains; stream = chain id
  kMetricSubset = 21,        ///< rows that a metric takes; stream = 2·subset, + 1 for samples
  kProjection = 22,          ///< directions of sliced distances; stream = direction
  kAnchorDraw = 23,          ///< Gaussian and uniform images of ebm eval; stream = image
  kBuiltInSet = 24,          ///< images of its built-in out-of-distribution sets; stream = image
  /// Samples that are evaluated while training; stream = chain id, 2^63 + id for its start, and
  /// 2^62 + iteration for the choice of chains of the replay buffer.
  kEvaluation = 25,
  /// Batches of a critic that measures a distance: 3·iteration of the first set, + 1 of the second,
  /// + 2 of the points between them at which a penalty is taken.
  kCritic = 26,
  kLatent = 27,        ///< latents of generators in training; stream = position among all of them
  kBetween = 28,       ///< points at which a gradient penalty is taken; stream = critic step
  kStanding = 29,      ///< latents whose statistics a generator's batch norms keep; stream = item
  kModuleSearch = 30,  ///< orders of nodes in a search for modules; stream = restart
  kProbe = 31,         ///< probes of log-determinants; stream = position in training order, or row
  kRoulette = 32,      ///< where the series of a flow's log-determinants ends; stream = iteration
  kNoiseDraw = 33,     ///< noise of noise-contrastive training; stream = position in training order
  kNoiseProbe = 34,    ///< as kProbe, of a flow trained as that noise; stream as kNoiseDraw
  kLabelDrop = 35,     ///< labels that become "none"; stream = position in training order
  /// Classes of chains that start, stream = that of the start in kChainInit, and of noise that
  /// energies are trained against, stream as kNoiseDraw.
  kClassDraw = 36,
  /// Normals that an objective needs beside the data; stream = normals per item x position in
  /// training order + which.
  kObjectiveNormals = 37,
  kObjectiveUniforms = 38,  ///< uniform numbers likewise; stream = position in training order
};

/// The key of one purpose in one run. `generation` counts roll-backs: after one, the same iteration
/// draws other numbers.
struct RandomKey {
  std::uint64_t seed = 0;
  Domain domain = Domain::kChainNoise;
  std::uint32_t generation = 0;

  /// (seed, domain, generation) hashed to a Philox key by Philox itself.
  PhiloxKey philox_key() const;
};

/// The key of a second kind of numbers within one purpose, e.g. the uniforms of accept decisions
/// beside the normals of proposals.
PhiloxKey subkey(PhiloxKey key, std::uint32_t kind);

/// The 32-bit words of one stream in order: word w of stream s is output w mod 4 of the Philox call
/// with counter (w / 4, s), both 64 bits wide. Any word can be addressed without those before it.
class RandomStream {
 public:
  RandomStream(const RandomKey& key, std::uint64_t stream, std::uint64_t first_word = 0)
      : key_(key.philox_key()), stream_(stream), word_(first_word) {}

  std::uint32_t next_word();
  /// Uniform on [0, 1), 24 bits; one word.
  float next_uniform() { return static_cast<float>(next_word() >> 8) * 0x1p-24f; }
  /// Uniform on {0, ..., n − 1}; two words. The bias is below n·2⁻⁶⁴.
  std::uint64_t next_below(std::uint64_t n);
  /// N(0, 1) by Box-Muller in double precision; two words.
  double next_normal();

 private:
  PhiloxKey key_;
  std::uint64_t stream_;
  std::uint64_t word_;
  PhiloxCounter buffer_{};
  bool filled_ = false;
};

}  // namespace ebm::base
