#include "base/error.h"

#include "base/quote.h"

namespace ebm {

Error::Error(ErrorCode code, const std::string& message)
    : std::runtime_error(base::one_line(message)), code_(code) {}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return 64;
    case ErrorCode::kBadData:
    case ErrorCode::kShape:
      return 65;
    case ErrorCode::kNoInput:
      return 66;
    case ErrorCode::kInternal:
      return 70;
    case ErrorCode::kDiverged:
      return 71;
    case ErrorCode::kIo:
      return 74;
  }
  return 70;
}

}  // namespace ebm
