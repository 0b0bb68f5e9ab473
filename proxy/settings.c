/* SPDX-License-Identifier: MIT */
/* settings.c - what davyd does without a word. */

#include "proxy/settings.h"

#include <stdlib.h>
#include <string.h>

void
settings_default(struct settings *settings)
{
    *settings = (struct settings){
        .connect_ports = { 443 },
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

bool
settings_read_ports(struct settings *settings, const char *text)
{
    unsigned ports[SETTINGS_PORTS] = { 0 };
    size_t count = 0;

    for (;;) {
        char *end;
        const unsigned long port = strtoul(text, &end, 10);

        if (end == text || port == 0 || port > 65535
            || count == SETTINGS_PORTS - 1 || (*end != ',' && *end != '\0'))
            return false;
        ports[count++] = (unsigned)port;
        if (*end == '\0')
            break;
        text = end + 1;
    }
    memcpy(settings->connect_ports, ports, sizeof(ports));
    return true;
}

bool
settings_is_connect_port(const struct settings *settings, unsigned port)
{
    for (size_t i = 0; settings->connect_ports[i] != 0; i++) {
        if (settings->connect_ports[i] == port)
            return true;
    }
    return false;
}
