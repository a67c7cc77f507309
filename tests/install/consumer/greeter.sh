#!/bin/sh
# SPDX-FileCopyrightText: 2026 The mcpool authors
# SPDX-License-Identifier: MIT

# The smallest MCP server: one JSON-RPC message per line, one tool.

answer() {
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$1" "$2"
}

while IFS= read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  case $line in
    *'"method":"initialize"'*)
      answer "$id" '{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"greeter","version":"1"}}'
      ;;
    *'"method":"tools/call"'*)
      answer "$id" '{"content":[{"type":"text","text":"hello"}]}'
      ;;
    *'"method":"ping"'*) answer "$id" '{}' ;;
  esac
done
