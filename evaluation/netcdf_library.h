#pragma once

#include <netcdf.h>
#include <netcdf_mem.h>

namespace ebm::evaluation {

/// The functions of libnetcdf that write a file, under their names without nc_. It is loaded when
/// it is first needed: linked, its 45 libraries would double the time that every command takes to
/// start.
struct NetcdfLibrary {
  decltype(&nc_create_mem) create_mem;
  decltype(&nc_close_memio) close_memio;
  decltype(&nc_abort) abort;
  decltype(&nc_strerror) strerror;
  decltype(&nc_def_grp) def_grp;
  decltype(&nc_def_dim) def_dim;
  decltype(&nc_def_var) def_var;
  decltype(&nc_put_att_text) put_att_text;
  decltype(&nc_put_var_float) put_var_float;
  decltype(&nc_put_var_longlong) put_var_longlong;
  decltype(&nc_put_var_schar) put_var_schar;
};

/// @throws Error(kUsage) saying what to install, if it is not there
const NetcdfLibrary& netcdf_library();

}  // namespace ebm::evaluation
