# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Run by ctest with `cmake -P`: PROGRAM must succeed with the argument CONFIG
# and print what the lines of EXPECTED, regular expressions, describe. `.*` in
# them stays inside a line.

cmake_minimum_required(VERSION 3.25)

execute_process(
  COMMAND "${PROGRAM}" "${CONFIG}"
  OUTPUT_VARIABLE output
  ERROR_VARIABLE errors
  RESULT_VARIABLE code)
file(READ "${EXPECTED}" expected)
string(STRIP "${expected}" expected)
string(STRIP "${output}" output)
string(REPLACE ".*" "[^\n]*" expected "${expected}")
if(NOT code EQUAL 0 OR NOT output MATCHES "^${expected}$")
  message(NOTICE "printed:\n${output}\n${errors}\nexpected:\n${expected}")
  message(FATAL_ERROR "exit code ${code}")
endif()
