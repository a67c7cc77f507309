// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

// Names of all messages, for the table of interfaces.

namespace mcpool::config {

struct server_config;

} // namespace mcpool::config

namespace mcpool::messages::caller {

struct progress;

} // namespace mcpool::messages::caller

namespace mcpool::messages::config_listener {

struct config_changed;
struct config_removed;

} // namespace mcpool::messages::config_listener

namespace mcpool::messages::connection {

struct call;
struct cancel;
struct list;
struct drain;
struct verify;
struct status;
struct call_result;
struct list_result;
struct connection_status;

} // namespace mcpool::messages::connection

namespace mcpool::messages::repository {

struct get;
struct has;
struct get_many;
struct get_loaded;
struct get_all;
struct disconnect;
struct disconnect_all;
struct call;
struct cancel;
struct list;
struct status;
struct connection_ref;
struct connection_map;
struct repository_status;

} // namespace mcpool::messages::repository

namespace mcpool::messages::throttle {

struct acquire;
struct release;
struct status;
struct permit;
struct throttle_status;

} // namespace mcpool::messages::throttle

namespace mcpool::messages::registry {

struct find_config;
struct all_configs;
struct put_config;
struct erase_config;
struct subscribe;
struct reload;
struct config_view;

} // namespace mcpool::messages::registry

namespace mcpool::messages::pool {

struct find_repository;
struct find_registry;
struct read_clock;
struct status;
struct shutdown;
struct clock_reading;
struct pool_status;

} // namespace mcpool::messages::pool

namespace mcpool::messages::node {

struct greet;
struct welcome;

} // namespace mcpool::messages::node
