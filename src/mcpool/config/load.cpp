// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/load.hpp>

#include <mcpool/config/reader.hpp>

#include <mcpool/core/cat.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

struct parsed {
  origin from;
  json_node root;
};

origin origin_of(std::size_t index, const fs::path& file) {
  std::error_code ignored;
  auto absolute = fs::absolute(file, ignored).lexically_normal();
  return {index, file.string(), absolute.parent_path()};
}

// Reads a file up to its bound; the refusal is the reason alone.
result<std::string> read_file(const fs::path& file) {
  auto failed = [](std::string why) {
    return make_refusal(errc::invalid_config, cat("cannot be read: ", why));
  };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> input{
    std::fopen(file.c_str(), "rbe"), &std::fclose};
  if (!input)
    return failed(std::strerror(errno));
  std::string text(max_file_bytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), input.get()));
  if (std::ferror(input.get()))
    return failed(std::strerror(errno));
  if (text.size() > max_file_bytes)
    return make_refusal(errc::invalid_config,
                        cat("is longer than ", max_file_bytes, " bytes"));
  return text;
}

void parse(const origin& from, std::string_view text, std::vector<parsed>& out,
           finding_list& findings) {
  auto outcome = parse_json(text);
  if (outcome.problem.empty())
    out.push_back({from, std::move(outcome.root)});
  else
    findings.add(from.index, {from.file, "", outcome.line, outcome.problem});
}

const json_node* object_in(const json_node& root, std::string_view name) {
  auto found = find_member(root, name);
  return found && found->kind == json_kind::object ? found : nullptr;
}

// Puts the servers of one file into `out`; `winner` knows the last file that
// has each name.
void read_servers(const parsed& file, const environment& env,
                  const std::map<std::string, std::size_t>& winner,
                  document& out, finding_list& findings) {
  auto servers = object_in(file.root, "mcpServers");
  if (!servers)
    return;
  for (const auto& x : servers->children) {
    auto used = winner.at(x.name) == file.from.index;
    auto mode = used ? variables::required : variables::optional;
    auto config = read_server(x, file.from, env, mode, out.defaults, findings);
    if (used && config)
      out.servers.insert_or_assign(config->name, std::move(*config));
  }
}

load_outcome combine(const std::vector<parsed>& files, const environment& env,
                     finding_list& findings) {
  document out;
  std::map<std::string, std::size_t> winner;
  for (const auto& file : files) {
    check_top_level(file.root, file.from, findings);
    if (auto pool = object_in(file.root, "pool"))
      read_pool(*pool, file.from, out, findings);
    if (auto servers = object_in(file.root, "mcpServers"))
      for (const auto& x : servers->children)
        winner[x.name] = file.from.index;
  }
  read_overrides(env, {static_cast<std::size_t>(-1), "", ""}, out, findings);
  for (const auto& file : files)
    read_servers(file, env, winner, out, findings);
  if (!findings.empty())
    return {std::nullopt, findings.take()};
  return {std::move(out), {}};
}

} // namespace

load_outcome load(const std::vector<fs::path>& files, const environment& env) {
  finding_list findings;
  std::vector<parsed> trees;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto from = origin_of(i, files[i]);
    if (auto text = read_file(files[i]))
      parse(from, *text, trees, findings);
    else
      findings.add(i, {from.file, "", 0, text.error().text});
  }
  return combine(trees, env, findings);
}

load_outcome load_texts(const std::vector<source>& sources,
                        const environment& env) {
  finding_list findings;
  std::vector<parsed> trees;
  for (std::size_t i = 0; i < sources.size(); ++i)
    parse(origin_of(i, sources[i].file), sources[i].text, trees, findings);
  return combine(trees, env, findings);
}

} // namespace mcpool::config
