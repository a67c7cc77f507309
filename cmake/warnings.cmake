# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Warnings for our own code only: the target is linked for the build and is
# neither exported nor installed, so a consumer keeps its own choice.

add_library(mcpool_warnings INTERFACE)
target_compile_options(mcpool_warnings INTERFACE
  -Wall
  -Wextra
  -Wnon-virtual-dtor
  -Woverloaded-virtual
  $<$<BOOL:${MCPOOL_WERROR}>:-Werror>)
