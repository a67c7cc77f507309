# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# mcpool_component(NAME <name>
#   [ROOT <dir>...] [SOURCES <file>...] HEADERS <file>...
#   [PUBLIC <target>...] [PRIVATE <target>...] [EXPORT <set>] [NO_INSTALL])
#
# Builds the static library `mcpool_<name>` (an interface library when there
# are no sources) with the alias `mcpool::<name>`, exports and installs it with
# its public headers, and checks that each of them compiles alone.
#
# ROOT is the include root, `src` unless given; a component may have several.
# Files are relative to the calling CMakeLists.txt. PUBLIC targets appear in the
# headers, PRIVATE ones in the sources only. EXPORT is the set of targets that it
# belongs to, mcpoolTargets unless given. NO_INSTALL keeps the component inside
# this tree.
function(mcpool_component)
  cmake_parse_arguments(PARSE_ARGV 0 arg
    "NO_INSTALL" "NAME;EXPORT" "ROOT;SOURCES;HEADERS;PUBLIC;PRIVATE")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_HEADERS)
    message(FATAL_ERROR "mcpool_component(${arg_NAME}): needs NAME and HEADERS;"
      " not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_EXPORT)
    set(arg_EXPORT mcpoolTargets)
  endif()
  if(NOT arg_ROOT)
    set(arg_ROOT "${PROJECT_SOURCE_DIR}/src")
  endif()

  set(target mcpool_${arg_NAME})
  if(arg_SOURCES)
    set(usage PUBLIC)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target}
      PUBLIC ${arg_PUBLIC}
      PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:mcpool_warnings>)
  else()
    set(usage INTERFACE)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC} ${arg_PRIVATE})
  endif()
  add_library(mcpool::${arg_NAME} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${arg_NAME})
  target_compile_features(${target} ${usage} cxx_std_17)

  set(headers)
  foreach(header IN LISTS arg_HEADERS)
    cmake_path(ABSOLUTE_PATH header NORMALIZE OUTPUT_VARIABLE header)
    list(APPEND headers "${header}")
  endforeach()
  target_sources(${target} ${usage}
    FILE_SET HEADERS BASE_DIRS ${arg_ROOT} FILES ${headers})

  if(NOT arg_NO_INSTALL)
    install(TARGETS ${target} EXPORT ${arg_EXPORT} FILE_SET HEADERS)
    set_property(GLOBAL APPEND PROPERTY MCPOOL_EXPORTS ${arg_EXPORT})
  endif()
  if(MCPOOL_CHECK_HEADERS)
    mcpool_check_headers(${target} "${arg_ROOT}" ${headers})
  endif()
endfunction()

# Compiles each header on its own, as the first and only include of a file.
function(mcpool_check_headers target roots)
  set(sources)
  foreach(header IN LISTS ARGN)
    foreach(root IN LISTS roots)
      cmake_path(IS_PREFIX root "${header}" is_below)
      if(is_below)
        cmake_path(RELATIVE_PATH header BASE_DIRECTORY "${root}"
          OUTPUT_VARIABLE include)
      endif()
    endforeach()
    set(source "${CMAKE_CURRENT_BINARY_DIR}/headers/${include}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include <@include@>\n" @ONLY)
    list(APPEND sources "${source}")
  endforeach()
  add_library(${target}_headers OBJECT ${sources})
  target_link_libraries(${target}_headers PRIVATE ${target} mcpool_warnings)
endfunction()
