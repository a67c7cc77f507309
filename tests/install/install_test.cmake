# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Run by ctest with `cmake -P`: installs BUILD_DIR into SCRATCH_DIR/prefix,
# then configures, builds and runs a copy of the consumer against it, with the
# compiler and flags of the build and with what it found below PREFIX_PATH.

cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${SCRATCH_DIR}")
file(COPY "${CONSUMER_DIR}/" DESTINATION "${SCRATCH_DIR}/source")

string(REPLACE ";" ":" prefixes "${SCRATCH_DIR}/prefix;${PREFIX_PATH}")
set(ENV{CMAKE_PREFIX_PATH} "${prefixes}")

run(${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${SCRATCH_DIR}/prefix")
run(${CMAKE_COMMAND}
  -S "${SCRATCH_DIR}/source"
  -B "${SCRATCH_DIR}/build"
  -G "${GENERATOR}"
  "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
  "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}"
  "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}")
run(${CMAKE_COMMAND} --build "${SCRATCH_DIR}/build")
execute_process(
  COMMAND "${SCRATCH_DIR}/build/consumer" "${SCRATCH_DIR}/source/mcpool.json"
  OUTPUT_VARIABLE output
  COMMAND_ERROR_IS_FATAL ANY)
if(NOT output STREQUAL
    "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}\n")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()

# Its test uses the installed testkit.
run(${CMAKE_CTEST_COMMAND}
  --test-dir "${SCRATCH_DIR}/build" --output-on-failure --no-tests=error)

# The installed program starts, too.
run("${SCRATCH_DIR}/prefix/bin/mcpool" --help)
