/* SPDX-License-Identifier: MIT */
/* settings.c - what davyd does without a word. */

#include "proxy/settings.h"

void
settings_default(struct settings *settings)
{
    *settings = (struct settings){
        .max_head = (size_t)64 << 10,
        .head_time = 15000,
        .idle_time = 60000,
        .stall_time = 120000,
        .connect_time = 20000,
        .max_connections = 4096,
        .hold_bytes = (size_t)4 << 20,
        .hold_time = 4000,
        .judge_bytes = (size_t)16 << 20,
        .drain_time = 20000,
    };
}
