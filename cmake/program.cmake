# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# mcpool_program(NAME <name> SOURCES <file>... LIBS <target>...
#   [EXPORT <set> <target>] [NO_INSTALL])
#
# Builds the executable `<name>` into `bin/` of the build directory and
# installs it, unless NO_INSTALL says that it is for this tree only. EXPORT
# makes it the target `mcpool::<target>` of consumers, in that export set.
function(mcpool_program)
  cmake_parse_arguments(PARSE_ARGV 0 arg "NO_INSTALL" "NAME" "SOURCES;LIBS;EXPORT")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "mcpool_program(${arg_NAME}): needs NAME and SOURCES;"
      " not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} mcpool_warnings)
  set_target_properties(${arg_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin"
    # An installed program finds what was found below CMAKE_PREFIX_PATH.
    INSTALL_RPATH_USE_LINK_PATH ON)
  if(arg_EXPORT)
    list(POP_FRONT arg_EXPORT set target)
    set_target_properties(${arg_NAME} PROPERTIES EXPORT_NAME ${target})
    add_executable(mcpool::${target} ALIAS ${arg_NAME})
    install(TARGETS ${arg_NAME} EXPORT ${set})
    set_property(GLOBAL APPEND PROPERTY MCPOOL_EXPORTS ${set})
  elseif(NOT arg_NO_INSTALL)
    install(TARGETS ${arg_NAME})
  endif()
endfunction()
