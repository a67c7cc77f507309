# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Finds CAF (core and io) and defines the imported target `mcpool::caf`.
#
# CAF's own CMake package comes first (Conan, Homebrew). Debian's package has
# none, nor a pkg-config file: its libraries are looked up by name, and exactly
# the version it ships, 0.17.6, is accepted.
#
# Sets McpoolCaf_FOUND and McpoolCaf_VERSION.

include(FindPackageHandleStandardArgs)

# CAF's target file names these two without looking for them.
find_package(Threads QUIET)
find_package(OpenSSL QUIET)
find_package(CAF CONFIG QUIET)

if(CAF_FOUND)
  set(McpoolCaf_VERSION "${CAF_VERSION}")
  set(_mcpool_caf_targets "CAF::core;CAF::io")
  find_package_handle_standard_args(McpoolCaf
    REQUIRED_VARS CAF_DIR Threads_FOUND
    VERSION_VAR McpoolCaf_VERSION)
else()
  find_path(CAF_INCLUDE_DIR caf/all.hpp)
  find_library(CAF_CORE_LIBRARY caf_core)
  find_library(CAF_IO_LIBRARY caf_io)
  mark_as_advanced(CAF_INCLUDE_DIR CAF_CORE_LIBRARY CAF_IO_LIBRARY)

  if(CAF_INCLUDE_DIR)
    file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _mcpool_caf_line
      REGEX "^#define CAF_VERSION ")
    string(REGEX REPLACE "[^0-9]" "" _mcpool_caf_number "${_mcpool_caf_line}")
    if(_mcpool_caf_number STREQUAL "1706")
      set(McpoolCaf_VERSION 0.17.6)
    else()
      set(_mcpool_caf_reason "CAF in ${CAF_INCLUDE_DIR} has CAF_VERSION \
${_mcpool_caf_number}. Without CAF's CMake package only 0.17.6 (1706) works.")
    endif()
  endif()
  set(_mcpool_caf_targets "${CAF_IO_LIBRARY};${CAF_CORE_LIBRARY}")
  find_package_handle_standard_args(McpoolCaf
    REQUIRED_VARS CAF_CORE_LIBRARY CAF_IO_LIBRARY CAF_INCLUDE_DIR
      McpoolCaf_VERSION Threads_FOUND
    VERSION_VAR McpoolCaf_VERSION
    REASON_FAILURE_MESSAGE "${_mcpool_caf_reason}")
endif()

if(McpoolCaf_FOUND AND NOT TARGET mcpool::caf)
  add_library(mcpool::caf INTERFACE IMPORTED)
  target_link_libraries(mcpool::caf
    INTERFACE ${_mcpool_caf_targets} Threads::Threads)
  if(NOT CAF_FOUND)
    # Imported: CMake treats these as system headers.
    target_include_directories(mcpool::caf INTERFACE "${CAF_INCLUDE_DIR}")
    # A message without a type ID becomes a compile error, as in CAF 1.x.
    target_compile_definitions(mcpool::caf
      INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
  endif()
  if(McpoolCaf_VERSION VERSION_GREATER_EQUAL 1.2)
    target_compile_features(mcpool::caf INTERFACE cxx_std_20)
  else()
    target_compile_features(mcpool::caf INTERFACE cxx_std_17)
  endif()
endif()

unset(_mcpool_caf_line)
unset(_mcpool_caf_number)
unset(_mcpool_caf_reason)
unset(_mcpool_caf_targets)
