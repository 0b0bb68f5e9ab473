/* SPDX-License-Identifier: MIT */
/* fuzz_proxy_protocol.c - headers of load balancers: a part never gets another
 * answer than the whole but "more". */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/hex.h"
#include "proxy/proxy_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define MAX_INPUT ((size_t)8192)

static void
check(const uint8_t *bytes, size_t length)
{
    struct proxy_protocol whole, part;
    size_t used = 0, part_used = 0;
    const enum proxy_protocol_state state = proxy_protocol_read(
        bytes, length, &whole, &used);

    if (state == PROXY_PROTOCOL_DONE && used > length)
        abort();
    for (size_t n = 0; n <= length && n <= PROXY_PROTOCOL_MAX; n++) {
        const enum proxy_protocol_state s = proxy_protocol_read(
            bytes, n, &part, &part_used);

        if (s == PROXY_PROTOCOL_MORE)
            continue;
        if (s != state
            || (s == PROXY_PROTOCOL_DONE
                && (part_used != used || part.is_local != whole.is_local
                    || memcmp(&part.source, &whole.source,
                              sizeof(part.source))
                           != 0)))
            abort();
        return;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const size_t most = length < MAX_INPUT ? length : MAX_INPUT;
    uint8_t raw[MAX_INPUT];

    check(bytes, most);
    check(raw, fuzz_read_hex(bytes, most, raw));
    return 0;
}
