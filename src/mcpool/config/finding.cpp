// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/finding.hpp>

#include <mcpool/core/cat.hpp>

namespace mcpool::config {

std::string to_string(const finding& x) {
  std::string out = x.file;
  if (x.line > 0)
    out += cat(':', x.line);
  if (!x.key.empty())
    out += cat(out.empty() ? "" : ": ", x.key);
  return cat(out, out.empty() ? "" : ": ", x.text);
}

refusal refusal_of(const std::vector<finding>& findings) {
  std::string text;
  for (const auto& x : findings)
    text += cat(text.empty() ? "" : "\n", to_string(x));
  return make_refusal(errc::invalid_config, std::move(text));
}

} // namespace mcpool::config
