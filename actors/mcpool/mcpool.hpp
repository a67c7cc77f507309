// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

// Everything that an application needs to run a pool inside its own actor
// system. `examples/embed/main.cpp` shows how.

#include <mcpool/actors.hpp>
#include <mcpool/actors/load_options.hpp>
#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/await.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/messages/types.hpp>
#include <mcpool/node.hpp>
