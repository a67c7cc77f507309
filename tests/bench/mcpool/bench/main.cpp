// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

using namespace mcpool::bench;

struct row {
  std::string_view name;
  record (*pooled)(const options&);
  record (*raw)(const options&);
};

constexpr row rows[] = {
  {"warm_get", warm_get, raw_warm_get},
  {"call", call, raw_call},
  {"cold_storm", cold_storm, raw_cold_storm},
  {"race", race, raw_race},
  {"mem", mem, raw_mem},
  {"stdio", stdio, raw_stdio},
  {"stale", stale, raw_stale},
  {"recover", recover, raw_recover},
  {"stdio_call", stdio_call, raw_stdio_call},
  {"idle", idle, raw_idle},
};

const row* find(std::string_view name) {
  for (const auto& x : rows)
    if (x.name == name)
      return &x;
  return nullptr;
}

int usage() {
  std::cerr << "Usage: mcpool-bench CASE [--raw] [--OPTION VALUE]...\n\nCases:";
  for (const auto& x : rows)
    std::cerr << ' ' << x.name;
  std::cerr << "\nOptions and fields: docs/benchmarks.md\n";
  return 64;
}

int run(const options& o) {
  auto* found = find(o.name());
  if (!found)
    return usage();
  auto raw = o.flag("raw");
  record out{{"driver", o.text("name", raw ? "raw" : "mcpool")},
             {"bench", found->name}};
  out.update((raw ? found->raw : found->pooled)(o));
  std::cout << out << std::endl;
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  try {
    return run(options{argc, argv});
  } catch (const std::exception& why) {
    std::cerr << "mcpool-bench: " << why.what() << '\n';
    return 1;
  }
}
