# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Run by ctest with `cmake -P`: two processes of PROGRAM, `serve CONFIG` whose
# output `use` reads, must succeed, and `use` must print what EXPECTED says; see
# run_example.cmake.

cmake_minimum_required(VERSION 3.25)

execute_process(
  COMMAND "${PROGRAM}" serve "${CONFIG}"
  COMMAND "${PROGRAM}" use
  OUTPUT_VARIABLE output
  ERROR_VARIABLE errors
  RESULTS_VARIABLE codes
  TIMEOUT 50)
file(READ "${EXPECTED}" expected)
string(STRIP "${expected}" expected)
string(STRIP "${output}" output)
string(REPLACE ".*" "[^\n]*" expected "${expected}")
if(NOT codes STREQUAL "0;0" OR NOT output MATCHES "^${expected}$")
  message(NOTICE "printed:\n${output}\n${errors}\nexpected:\n${expected}")
  message(FATAL_ERROR "exit codes ${codes}")
endif()
