#include "evaluation/netcdf_library.h"

#include <dlfcn.h>

#include <string>

#include "base/error.h"

namespace ebm::evaluation {
namespace {

[[noreturn]] void refuse(const char* reason) {
  throw Error(ErrorCode::kUsage, std::string("cannot load ") + EBM_NETCDF_FILE +
                                     ", which writes .nc files: " + reason +
                                     "; install it (Debian: libnetcdf19 or later), or take .csv "
                                     "or .npy");
}

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) refuse(dlerror());
}

NetcdfLibrary load() {
  void* file = dlopen(EBM_NETCDF_FILE, RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) refuse(dlerror());
  NetcdfLibrary library{};
  find(file, "nc_create_mem", library.create_mem);
  find(file, "nc_close_memio", library.close_memio);
  find(file, "nc_abort", library.abort);
  find(file, "nc_strerror", library.strerror);
  find(file, "nc_def_grp", library.def_grp);
  find(file, "nc_def_dim", library.def_dim);
  find(file, "nc_def_var", library.def_var);
  find(file, "nc_put_att_text", library.put_att_text);
  find(file, "nc_put_var_float", library.put_var_float);
  find(file, "nc_put_var_longlong", library.put_var_longlong);
  find(file, "nc_put_var_schar", library.put_var_schar);
  return library;
}

}  // namespace

const NetcdfLibrary& netcdf_library() {
  static const NetcdfLibrary kLibrary = load();
  return kLibrary;
}

}  // namespace ebm::evaluation
