// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/bench/measure.hpp>

namespace mcpool::bench {

/// The measurements. Each takes the command line and returns the fields of its
/// record, without `driver` and `bench`; throws `std::runtime_error` when it
/// cannot measure.

// -- through the pool ---------------------------------------------------------

/// A closed loop of `get` of a connected server; with `--ttl 0` each followed
/// by a `verify` that must not remember anything.
record warm_get(const options& o);

/// A closed loop of `tools/call` through one connection over HTTP.
record call(const options& o);

/// The same over stdio.
record stdio_call(const options& o);

/// `--owners` at once, each a `get_many` of `--servers` cold servers.
record cold_storm(const options& o);

/// `--concurrency` `get`s at once of one cold server.
record race(const options& o);

/// The memory of `--n` idle connections.
record mem(const options& o);

/// Starts `--n` stdio servers, at most `--batch` at a time.
record stdio(const options& o);

/// `--n` connections whose configurations change all at once.
record stale(const options& o);

/// From `kill -9` of a stdio server to the next answer, `--n` times.
record recover(const options& o);

/// A service that knows `--n` stdio servers and that nobody asks anything.
record idle(const options& o);

// -- the same work with no pool -----------------------------------------------

/// A bare actor request; with `--ttl 0` a ping over libcurl.
record raw_warm_get(const options& o);
record raw_call(const options& o);
record raw_stdio_call(const options& o);
record raw_cold_storm(const options& o);
/// One handshake: what all `get`s have to wait for.
record raw_race(const options& o);
record raw_mem(const options& o);
record raw_stdio(const options& o);
record raw_stale(const options& o);
record raw_recover(const options& o);
/// An actor system with nothing in it.
record raw_idle(const options& o);

} // namespace mcpool::bench
