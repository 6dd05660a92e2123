# Included after all rooms: writes and installs what find_package(ebm COMPONENTS ...) reads. The
# dependencies of every installed room are taken from what its target links.

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

get_property(rooms GLOBAL PROPERTY EBM_ROOMS)
set(EBM_ROOM_DEPENDENCIES "")
foreach(room ${rooms})
  get_target_property(links ebm_${room} LINK_LIBRARIES)
  set(needed_rooms "")
  set(needed_packages "")
  foreach(item ${links})
    if(item MATCHES "^ebm::(.+)$")
      list(APPEND needed_rooms ${CMAKE_MATCH_1})
    elseif(DEFINED package_of_${item})
      list(APPEND needed_packages ${package_of_${item}})
    elseif(item MATCHES "torch|c10|caffe2")
      list(APPEND needed_packages Torch)
    elseif(item MATCHES "^[A-Za-z0-9_]+::")
      message(FATAL_ERROR "${room} links ${item}: add its package to cmake/EbmInstall.cmake, so "
                          "that users of the installed library find it too")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES needed_packages)
  string(APPEND EBM_ROOM_DEPENDENCIES
         "set(_ebm_rooms_of_${room} ${needed_rooms})\n"
         "set(_ebm_packages_of_${room} ${needed_packages})\n")
endforeach()
string(REPLACE ";" " " EBM_ROOM_DEPENDENCIES "${EBM_ROOM_DEPENDENCIES}")
string(REPLACE ";" " " EBM_ROOMS "${rooms}")

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
