# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Makes an installed mcpool findable: find_package(mcpool).

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/mcpool")

get_property(exports GLOBAL PROPERTY MCPOOL_EXPORTS)
list(REMOVE_DUPLICATES exports)
foreach(set IN LISTS exports)
  install(EXPORT ${set}
    NAMESPACE mcpool::
    DESTINATION "${package_dir}")
endforeach()
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/mcpoolConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/mcpoolConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/mcpoolConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/mcpoolConfig.cmake"
  "${PROJECT_BINARY_DIR}/mcpoolConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/FindMcpoolCaf.cmake"
  DESTINATION "${package_dir}")
