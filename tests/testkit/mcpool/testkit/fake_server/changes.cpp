// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/changes.hpp>

#include <cctype>
#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;

constexpr auto garbage_text = "this is not JSON {]\x01";
constexpr auto html_text
  = "<!doctype html><html><head><title>Welcome</title></head>"
    "<body><h1>It works</h1></body></html>\n";

void set_text(changes& c, std::string text) {
  c.replaced = true;
  c.base.text = std::move(text);
  c.base.even_if_empty = true;
}

void set_status(changes& c, int status, std::string text) {
  set_text(c, std::move(text));
  c.base.status = status;
}

void set_redirect(changes& c, const std::string& text) {
  auto digit = [&](std::size_t i) {
    return std::isdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  auto coded
    = text.size() > 4 && digit(0) && digit(1) && digit(2) && text[3] == ':';
  set_status(c, coded ? std::stoi(text.substr(0, 3)) : 307, "");
  c.base.header.emplace_back("Location", coded ? text.substr(4) : text);
}

void add_header(changes& c, const std::string& text) {
  auto equals = text.find('=');
  c.base.header.emplace_back(text.substr(0, equals), text.substr(equals + 1));
}

json scripted_error(const step& one) {
  return {{"error",
           {{"code", one.number},
            {"message", one.text.empty() ? "scripted error" : one.text},
            {"data", {{"scripted", true}}}}}};
}

json scripted_result(const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  return {{"result", value.is_discarded() ? json(text) : value}};
}

std::string nested(std::int64_t depth) {
  auto size = static_cast<std::size_t>(depth);
  return std::string(size, '[') + std::string(size, ']');
}

json notification(const char* method) {
  return {{"jsonrpc", "2.0"}, {"method", method}};
}

std::string deep_text(const json& id, std::int64_t depth) {
  return R"({"jsonrpc":"2.0","id":)" + to_text(id) + R"(,"result":{"deep":)"
         + nested(depth) + "}}";
}

json response(const changes& how, const json& id, const json& outcome) {
  json message{{"jsonrpc", "2.0"}};
  message.update(how.outcome ? *how.outcome : outcome);
  if (!how.id)
    message["id"] = id;
  else if (!how.id->is_discarded())
    message["id"] = *how.id;
  return message;
}

bool apply_http(changes& c, const step& one) {
  switch (one.what) {
    case verb::status:
      set_status(c, static_cast<int>(one.number), one.text);
      return true;
    case verb::html:
      set_status(c, static_cast<int>(one.number), html_text);
      c.base.content_type = "text/html; charset=utf-8";
      return true;
    case verb::redirect: set_redirect(c, one.text); return true;
    case verb::header: add_header(c, one.text); return true;
    case verb::type: c.base.content_type = one.text; return true;
    case verb::sse:
    case verb::json: c.base.sse = one.what == verb::sse; return true;
    default: return false;
  }
}

bool apply_bytes(changes& c, const step& one) {
  switch (one.what) {
    case verb::half: c.base.how = shape::half; return true;
    case verb::endless: c.base.how = shape::endless; return true;
    case verb::drip:
      c.base.drip = std::chrono::milliseconds{one.number};
      return true;
    case verb::duplicate: c.base.copies = 2; return true;
    case verb::garbage: set_text(c, garbage_text); return true;
    case verb::empty: set_text(c, ""); return true;
    case verb::not_rpc:
      set_text(c, R"({"hello":["world",1,null]})");
      return true;
    default: return apply_http(c, one);
  }
}

} // namespace

bool changes::apply(const step& one) {
  switch (one.what) {
    case verb::error: outcome = scripted_error(one); return true;
    case verb::result: outcome = scripted_result(one.text); return true;
    case verb::wrong_id: id = "nobody-used-this-id"; return true;
    case verb::null_id: id = json(); return true;
    case verb::no_id: id = json(json::value_t::discarded); return true;
    case verb::batch: batch = true; return true;
    case verb::deep: depth = one.number; return true;
    default: return apply_bytes(*this, one);
  }
}

std::string to_text(const nlohmann::json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

reply render(const changes& how, const nlohmann::json& id,
             const nlohmann::json& outcome, bool in_array) {
  auto what = how.base;
  if (how.replaced)
    return what;
  if (how.depth > 0) {
    what.text = deep_text(id, how.depth);
    return what;
  }
  auto message = response(how, id, outcome);
  if (how.batch)
    message = json::array({notification("notifications/unheard_of"),
                           notification("notifications/tools/list_changed"),
                           message});
  else if (in_array)
    message = json::array({message});
  what.text = to_text(message);
  return what;
}

} // namespace mcpool::testkit::fake_server
