#include "samplers/box.h"

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::samplers {

void Box::validate() const {
  if (low < high) return;
  throw Error(ErrorCode::kUsage, "box = " + base::number_text(low) + " to " +
                                     base::number_text(high) +
                                     ": its lower end must be below its upper end");
}

}  // namespace ebm::samplers
