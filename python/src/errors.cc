#include "python/src/errors.h"

#include <exception>

#include "base/error.h"

namespace ebm::python {
namespace {

namespace nb = nanobind;

const char* class_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
      return "UsageError";
    case ErrorCode::kBadData:
      return "BadDataError";
    case ErrorCode::kShape:
      return "ShapeError";
    case ErrorCode::kNoInput:
      return "NoInputError";
    case ErrorCode::kInternal:
      return "InternalError";
    case ErrorCode::kDiverged:
      return "DivergedError";
    case ErrorCode::kIo:
      return "IoError";
  }
  return "Error";
}

}  // namespace

void bind_errors(nb::module_& /*module*/) {
  nb::register_exception_translator([](const std::exception_ptr& failure, void* /*unused*/) {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& error) {
      const nb::module_ errors = nb::module_::import_("ebm.errors");
      const nb::object type = errors.attr(class_of(error.code()));
      const nb::object line = errors.attr("in_keywords")(error.what());
      PyErr_SetObject(type.ptr(), line.ptr());
    }
  });
}

}  // namespace ebm::python
