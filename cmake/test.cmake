# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

include(GoogleTest)

# mcpool_test(NAME <name> SOURCES <file>... LIBS <target>...
#   [LABEL <label>] [TIMEOUT <seconds>] [SERIAL] [ENVIRONMENT <VAR=value>...])
#
# Builds the GoogleTest program `<name>` and registers each of its tests with
# ctest, found when ctest starts. LABEL is `unit` and TIMEOUT, per test, is 60
# unless given. SERIAL tests never run beside another test.
function(mcpool_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg
    "SERIAL" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS;ENVIRONMENT")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "mcpool_test(${arg_NAME}): needs NAME and SOURCES;"
      " not understood: '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()

  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE
    ${arg_LIBS} GTest::gmock GTest::gtest_main mcpool_warnings)
  set(properties LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  if(arg_SERIAL)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  if(arg_ENVIRONMENT)
    list(APPEND properties ENVIRONMENT "${arg_ENVIRONMENT}")
  endif()
  gtest_discover_tests(${arg_NAME}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES ${properties})
endfunction()
