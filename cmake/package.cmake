# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Makes an installed mcpool findable: find_package(mcpool).

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/mcpool")

get_property(has_targets GLOBAL PROPERTY MCPOOL_HAS_TARGETS)
if(has_targets)
  install(EXPORT mcpoolTargets
    NAMESPACE mcpool::
    DESTINATION "${package_dir}")
endif()
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
