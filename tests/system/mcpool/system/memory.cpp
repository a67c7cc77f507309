// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/memory.hpp>

#include <mcpool/system/text_file.hpp>

#include <cstdlib>
#include <fstream>
#include <string>

namespace mcpool::system {

namespace {

// A line of /proc/self/status, in bytes.
std::size_t status_bytes(const std::string& name) {
  auto all = read_file("/proc/self/status");
  auto pos = all.find("\n" + name + ":");
  return pos == all.npos
           ? 0
           : std::strtoull(&all[pos + name.size() + 2], nullptr, 10) * 1024;
}

} // namespace

// Writing 5 forgets the peak.
memory_peak::memory_peak() : before_(status_bytes("VmRSS")) {
  std::ofstream{"/proc/self/clear_refs"} << "5";
}

std::size_t memory_peak::growth() const {
  auto now = status_bytes("VmHWM");
  return now > before_ ? now - before_ : 0;
}

} // namespace mcpool::system
