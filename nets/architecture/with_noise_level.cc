#include "nets/architecture/with_noise_level.h"

#include <string>

#include "base/error.h"
#include "nets/architecture/films.h"

namespace ebm::nets {

Architecture with_noise_level(Architecture net) {
  const std::string name = "network " + (net.name.empty() ? "" : net.name + " ");
  if (net.noise_level) throw Error(ErrorCode::kUsage, name + "has a noise level already");
  net.noise_level = true;
  if (add_films(net.layers) == 0) {
    throw Error(ErrorCode::kUsage,
                name + "has no layer that a film could follow: it needs one before the last");
  }
  validate(net);
  return net;
}

}  // namespace ebm::nets
