// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/settings.hpp>

#include <mcpool/core/cat.hpp>

#include <string_view>
#include <system_error>

namespace mcpool::app {

namespace {

using path_list = std::vector<std::filesystem::path>;

path_list split(std::string_view list) {
  path_list out;
  while (!list.empty()) {
    auto end = list.find(':');
    if (auto part = list.substr(0, end); !part.empty())
      out.emplace_back(part);
    list.remove_prefix(end == list.npos ? list.size() : end + 1);
  }
  return out;
}

path_list default_files(const config::environment& env) {
  auto named = env.find("MCPOOL_CONFIG");
  if (named != env.end())
    return split(named->second);
  for (const auto* file : {"mcpool.json", "/etc/mcpool/mcpool.json"}) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
      return {file};
  }
  return {};
}

} // namespace

settings load_settings(const command_line& line) {
  settings out;
  out.environment = config::process_environment();
  out.files = line.config_files.empty() ? default_files(out.environment)
                                        : line.config_files;
  if (!out.files.empty())
    out.outcome = config::load(out.files, out.environment);
  else
    out.outcome.findings.push_back(
      {"", "", 0,
       "there is no configuration: give --config FILE, set MCPOOL_CONFIG, or "
       "put a mcpool.json into this folder"});
  return out;
}

result<void> set_log_level(const command_line& line,
                           const config::environment& env,
                           log::level fallback) {
  auto named = env.find("MCPOOL_LOG");
  if (line.log_level)
    log::set_level(*line.log_level);
  else if (named == env.end())
    log::set_level(fallback);
  else if (auto x = log::parse_level(named->second))
    log::set_level(*x);
  else
    return make_refusal(errc::invalid_request,
                        cat("MCPOOL_LOG: ", x.error().text));
  return {};
}

} // namespace mcpool::app
