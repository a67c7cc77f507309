# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Uses ccache when it is installed and nobody chose another launcher. Paths
# below the source tree are made relative, so that two clones share results.

find_program(MCPOOL_CCACHE ccache)
mark_as_advanced(MCPOOL_CCACHE)

if(PROJECT_IS_TOP_LEVEL AND MCPOOL_CCACHE
    AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    ${MCPOOL_CCACHE})
endif()
