#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "samplers/block_evaluator.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// E(x, y) = ½·k_y·|x − m_y|² in the plane, with a label as context: a classifier whose
/// probabilities are known. Or E(x, y, s) = s·E(x, y), with a factor behind the label.
class LabelledWells : public samplers::Energy {
 public:
  struct Well {
    float stiffness, x, y;
  };

  explicit LabelledWells(std::vector<Well> wells, bool has_factor = false)
      : wells_(std::move(wells)), has_factor_(has_factor) {}
  std::int64_t dim() const override { return 2; }
  std::int64_t context_dim() const override { return has_factor_ ? 2 : 1; }

  /// In double precision.
  double energy(double x, double y, std::size_t klass) const {
    const Well& well = wells_.at(klass);
    return 0.5 * double{well.stiffness} *
           ((x - double{well.x}) * (x - double{well.x}) +
            (y - double{well.y}) * (y - double{well.y}));
  }

  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t) const override {
    class Wells : public samplers::Evaluator {
     public:
      explicit Wells(const LabelledWells& of) : of_(of) {}
      void evaluate(const samplers::BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        constexpr auto kLanes = static_cast<std::size_t>(samplers::kLanes);
        for (std::size_t i = 0; i < energy.size(); ++i) {
          const std::size_t block = i / kLanes, lane = i % kLanes;
          const std::size_t first = 2 * block * kLanes + lane, second = first + kLanes;
          const std::size_t context = of_.has_factor_ ? first : i;
          const Well& well = of_.wells_.at(static_cast<std::size_t>(chains.context[context]));
          const float stiffness =
              well.stiffness * (of_.has_factor_ ? chains.context[second] : 1.0f);
          const float dx = chains.x[first] - well.x, dy = chains.x[second] - well.y;
          energy[i] = 0.5f * stiffness * (dx * dx + dy * dy);
          energy_grad[first] = stiffness * dx;
          energy_grad[second] = stiffness * dy;
        }
      }

     private:
      const LabelledWells& of_;
    };
    return std::make_unique<Wells>(*this);
  }

 private:
  std::vector<Well> wells_;
  bool has_factor_;
};

}  // namespace ebm::evaluation
