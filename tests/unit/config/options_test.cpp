// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/options.hpp>

#include <mcpool/config/byte_size.hpp>
#include <mcpool/config/dump.hpp>
#include <mcpool/config/load.hpp>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

// Holds what describes the options to the table of options: the default file,
// the schema and the documentation.

namespace mcpool::config {

namespace {

using json = nlohmann::json;

const std::filesystem::path root{MCPOOL_SOURCE_DIR};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{root / file};
  EXPECT_TRUE(in) << file;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The default file with its examples turned on.
std::string with_examples(const std::string& text) {
  std::istringstream in{text};
  std::string out;
  auto in_object = false;
  for (std::string line; std::getline(in, line);) {
    in_object = in_object || line == "{";
    out += (in_object && line.substr(0, 2) == "//" ? line.substr(2) : line)
           + '\n';
  }
  return out;
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> out;
  for (const auto& [key, value] : object.items())
    out.insert(key);
  return out;
}

const json& at(const json& schema, std::string_view key) {
  auto dot = key.find('.');
  const auto& x = schema.at("properties").at(std::string{key.substr(0, dot)});
  return dot == key.npos ? x : at(x, key.substr(dot + 1));
}

// The keys of one level, `list` for `list.maxPages`, with their aliases.
template <class Owner, class Predicate>
std::set<std::string> top_keys(const std::vector<option<Owner>>& table,
                               Predicate wanted) {
  std::set<std::string> out;
  for (const auto& x : table) {
    if (!wanted(x))
      continue;
    out.emplace(x.key.substr(0, x.key.find('.')));
    if (!x.alias.empty())
      out.emplace(x.alias);
  }
  return out;
}

struct bounds {
  std::string least;
  std::string most;
};

template <class Owner>
std::optional<bounds> bounds_of(const option<Owner>& x) {
  if (auto field = std::get_if<count_field<Owner>>(&x.field))
    return bounds{std::to_string(field->least), std::to_string(field->most)};
  if (auto field = std::get_if<bytes_field<Owner>>(&x.field))
    return bounds{format_bytes(field->least), format_bytes(field->most)};
  if (auto field = std::get_if<duration_field<Owner>>(&x.field))
    return bounds{format_duration(field->least), format_duration(field->most)};
  return std::nullopt;
}

std::string row_of(const std::string& page, std::string_view key) {
  auto from = page.find("\n| `" + std::string{key} + "` |");
  EXPECT_NE(from, page.npos) << key;
  return from == page.npos
           ? ""
           : page.substr(from, page.find('\n', from + 1) - from);
}

json default_at(const json& defaults, std::string_view key) {
  auto dot = key.find('.');
  const auto& x = defaults.at(std::string{key.substr(0, dot)});
  return dot == key.npos ? x : default_at(x, key.substr(dot + 1));
}

// Holds one option with bounds to the page and the schema.
template <class Owner>
void check_bounds(const option<Owner>& x, const std::string& page,
                  const json& schema, const json& defaults) {
  auto range = bounds_of(x);
  if (!range)
    return;
  const json value = default_at(defaults, x.key);
  auto shown = value.is_string() ? value.get<std::string>() : value.dump();
  auto row = row_of(page, x.key);
  EXPECT_NE(row.find("| `" + shown + "` | " + range->least + " to "
                     + range->most + " |"),
            row.npos)
    << row;
  const auto& described = at(schema, x.key);
  EXPECT_EQ(described.at("default"), value) << x.key;
  if (auto field = std::get_if<count_field<Owner>>(&x.field)) {
    EXPECT_EQ(described.at("minimum"), field->least) << x.key;
    EXPECT_EQ(described.at("maximum"), field->most) << x.key;
  }
}

} // namespace

TEST(OptionsTest, DefaultFileYieldsTheBuiltInDefaults) {
  auto file = root / "config/mcpool.json";
  auto out = load({file}, {});
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  ASSERT_TRUE(out);
  EXPECT_EQ(dump(*out.value), dump(document{}));
}

TEST(OptionsTest, DefaultFileSetsEveryKeyOfThePool) {
  auto written
    = json::parse(text_of("config/mcpool.json"), nullptr, true, true);
  auto shown = json::parse(dump(document{}));
  EXPECT_EQ(written.at("pool"), shown.at("pool"));
}

TEST(OptionsTest, ExamplesOfTheDefaultFileLoad) {
  auto text = with_examples(text_of("config/mcpool.json"));
  auto out = load_texts({{root / "config/mcpool.json", text}}, {});
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  ASSERT_TRUE(out);
  EXPECT_EQ(out.value->servers.size(), 2u);
}

TEST(OptionsTest, ExamplesOfTheDefaultFileShowEveryKeyOfAServer) {
  auto text = with_examples(text_of("config/mcpool.json"));
  auto written = json::parse(text, nullptr, true, true).at("mcpServers");
  auto shown = keys_of(written.at("files"));
  shown.merge(keys_of(written.at("search")));
  auto own = [](const auto& x) { return x.use != purpose::limit; };
  for (const auto& key : top_keys(server_options(), own))
    EXPECT_EQ(shown.count(key), 1u) << key;
  EXPECT_EQ(shown.count(std::string{disabled_key}), 1u);
}

TEST(OptionsTest, RealExampleLoads) {
  auto out = load({root / "config/examples/everything.json"}, {});
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  ASSERT_TRUE(out);
  const auto& server = out.value->servers.at(server_name{"everything"});
  EXPECT_EQ(server.cwd, root / "config/examples");
}

TEST(OptionsTest, SchemaListsTheKeysOfAServer) {
  auto schema = json::parse(text_of("config/mcpool.schema.json"));
  for (auto kind : {transport_kind::stdio, transport_kind::streamable_http}) {
    auto name = kind == transport_kind::stdio ? "stdioServer" : "httpServer";
    auto fitting = [kind](const auto& x) { return suits(x.fits, kind); };
    auto expected = top_keys(server_options(), fitting);
    expected.emplace(disabled_key);
    EXPECT_EQ(keys_of(schema.at("$defs").at(name).at("properties")), expected);
  }
}

TEST(OptionsTest, SchemaListsTheLimitsAndTheKeysOfThePool) {
  auto schema = json::parse(text_of("config/mcpool.schema.json")).at("$defs");
  auto limits = [](const auto& x) { return x.use == purpose::limit; };
  EXPECT_EQ(keys_of(schema.at("limits").at("properties")),
            top_keys(server_options(), limits));
  auto expected = top_keys(pool_options(), [](const auto&) { return true; });
  expected.emplace("defaults");
  EXPECT_EQ(keys_of(schema.at("pool").at("properties")), expected);
}

TEST(OptionsTest, SchemaListsTheKeysOfGroups) {
  auto schema = json::parse(text_of("config/mcpool.schema.json")).at("$defs");
  EXPECT_EQ(keys_of(at(schema.at("limits"), "list").at("properties")).size(),
            4u);
  EXPECT_EQ(keys_of(at(schema.at("pool"), "throttle").at("properties")).size(),
            3u);
}

TEST(OptionsTest, PageAndSchemaGiveDefaultsAndRanges) {
  auto page = text_of("docs/configuration.md");
  auto schema = json::parse(text_of("config/mcpool.schema.json")).at("$defs");
  auto pool = json::parse(dump(document{})).at("pool");
  for (const auto& x : pool_options())
    check_bounds(x, page, schema.at("pool"), pool);
  for (const auto& x : server_options())
    check_bounds(x, page, schema.at("limits"), pool.at("defaults"));
}

TEST(OptionsTest, PageDescribesEveryKey) {
  auto page = text_of("docs/configuration.md");
  for (const auto& x : pool_options())
    row_of(page, x.key);
  for (const auto& x : server_options()) {
    row_of(page, x.key);
    EXPECT_NE(page.find('`' + std::string{x.alias}), page.npos) << x.alias;
  }
  row_of(page, disabled_key);
}

TEST(OptionsTest, KeysAreUnique) {
  std::set<std::string_view> seen;
  for (const auto& x : server_options()) {
    EXPECT_TRUE(seen.insert(x.key).second) << x.key;
    EXPECT_TRUE(x.alias.empty() || seen.insert(x.alias).second) << x.alias;
  }
}

} // namespace mcpool::config
