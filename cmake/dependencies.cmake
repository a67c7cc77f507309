# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# Everything that our libraries link. mcpoolConfig.cmake looks for the same
# packages on behalf of a consumer: keep both lists equal.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(McpoolCaf REQUIRED)

# The program alone uses it: no consumer needs it.
find_package(CLI11 2.1 REQUIRED)
