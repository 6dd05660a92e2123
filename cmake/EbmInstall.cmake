# Included after all modules: writes and installs what find_package(ebm COMPONENTS ...) reads. The
# dependencies of every installed module are taken from what its target links.

# The package in which users of the installed library find a linked target.
set(package_of_hwy::hwy hwy)
set(package_of_OpenMP::OpenMP_CXX OpenMP)
set(package_of_ZLIB::ZLIB ZLIB)
set(package_of_PNG::PNG PNG)
set(package_of_JPEG::JPEG JPEG)
set(package_of_Threads::Threads Threads)
set(package_of_Eigen3::Eigen Eigen3)
set(package_of_nlohmann_json::nlohmann_json nlohmann_json)
set(package_of_tomlplusplus::tomlplusplus tomlplusplus)

get_property(modules GLOBAL PROPERTY EBM_MODULES)
set(EBM_MODULE_DEPENDENCIES "")
set(header_settings "set(EBM_SOURCE_DIR ${PROJECT_SOURCE_DIR})
set(EBM_STAGE_DIR ${PROJECT_BINARY_DIR}/include)
set(EBM_MODULES ${modules})\n")
foreach(module ${modules})
  get_target_property(links ebm_${module} LINK_LIBRARIES)
  set(needed_modules "")
  set(needed_packages "")
  foreach(item ${links})
    if(item MATCHES "^ebm::(.+)$")
      list(APPEND needed_modules ${CMAKE_MATCH_1})
    elseif(DEFINED package_of_${item})
      list(APPEND needed_packages ${package_of_${item}})
    elseif(item MATCHES "torch|c10|caffe2")
      list(APPEND needed_packages Torch)
    elseif(item MATCHES "^[A-Za-z0-9_]+::")
      message(FATAL_ERROR "${module} links ${item}: add its package to cmake/EbmInstall.cmake, so "
                          "that users of the installed library find it too")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES needed_packages)
  get_target_property(internal ebm_${module} EBM_INTERNAL_HEADERS)
  if(internal)
    string(APPEND header_settings "set(EBM_INTERNAL_${module} ${internal})\n")
  endif()
  string(APPEND EBM_MODULE_DEPENDENCIES
         "set(_ebm_modules_of_${module} ${needed_modules})\n"
         "set(_ebm_packages_of_${module} ${needed_packages})\n")
endforeach()
string(REPLACE ";" " " EBM_MODULE_DEPENDENCIES "${EBM_MODULE_DEPENDENCIES}")
string(REPLACE ";" " " EBM_MODULES "${modules}")

file(WRITE ${PROJECT_BINARY_DIR}/ebm-headers.cmake "${header_settings}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/version.h.in ${PROJECT_BINARY_DIR}/include/ebm/version.h
               @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/include/ebm/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ebm COMPONENT base)

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/ebm-config.cmake.in ${PROJECT_BINARY_DIR}/ebm-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ebm
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Below 1.0 a new minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ebm-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ebm-config.cmake ${PROJECT_BINARY_DIR}/ebm-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ebm COMPONENT base)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT base)
