/* SPDX-License-Identifier: MIT */
/* fuzz_client_hello.c - reads the input as the first bytes of a connection.
 *
 * An input that begins with the byte 22 is taken as it is; any other is text:
 * pairs of hex digits, with anything between them, and comments from # to the
 * end of the line.  What must hold: a beginning never says more than the
 * whole, and the same message in other records says the same. */

#include <stdlib.h>
#include <string.h>

#include "fuzz/hex.h"
#include "proxy/client_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_INPUT ((size_t)1 << 16)

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
check_name(const struct client_hello *hello)
{
    const size_t length = strnlen(hello->name, sizeof(hello->name));

    require(length < sizeof(hello->name));
    for (size_t i = 0; i < length; i++)
        require(hello->name[i] > ' ' && hello->name[i] < 0x7f
                && !(hello->name[i] >= 'A' && hello->name[i] <= 'Z'));
}

/* As client_hello_read, of a block that ends with the last byte. */
static enum client_hello_result
read_exactly(struct client_hello *hello, const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length == 0 ? 1 : length);
    enum client_hello_result result;

    require(exact != NULL);
    memcpy(exact, bytes, length);
    memset(hello, 0, sizeof(*hello));
    result = client_hello_read(hello, exact, length);
    free(exact);
    return result;
}

/* What is said of a beginning stays said, unless it asks for more. */
static void
check_beginnings(const uint8_t *bytes, size_t length)
{
    const size_t step = length / 64 + 1;
    struct client_hello whole, part;
    const enum client_hello_result wanted
        = read_exactly(&whole, bytes, length);

    if (wanted == CLIENT_HELLO_OK)
        check_name(&whole);
    for (size_t i = 0; i < length; i += step) {
        const enum client_hello_result got = read_exactly(&part, bytes, i);

        require(got == CLIENT_HELLO_MORE
                || (got == wanted && memcmp(&whole, &part, sizeof(whole))
                                         == 0));
    }
}

/* Split the first record in two; the answer is the same. */
static void
check_split(const uint8_t *bytes, size_t length)
{
    struct client_hello whole, split;
    uint8_t *copy;
    size_t size, cut;

    if (length < 7 || length > CLIENT_HELLO_MAX / 2
        || read_exactly(&whole, bytes, length) != CLIENT_HELLO_OK)
        return;
    size = (size_t)bytes[3] << 8 | bytes[4];
    cut = 1 + bytes[length - 1] % (size > 1 ? size - 1 : 1);
    if (size < 2 || size > length - 5)
        return;
    copy = malloc(length + 5);
    require(copy != NULL);
    memcpy(copy, bytes, 5 + cut);
    memcpy(copy + 5 + cut, bytes, 3);
    copy[3] = (uint8_t)(cut >> 8);
    copy[4] = (uint8_t)cut;
    copy[5 + cut + 3] = (uint8_t)((size - cut) >> 8);
    copy[5 + cut + 4] = (uint8_t)(size - cut);
    memcpy(copy + 10 + cut, bytes + 5 + cut, length - 5 - cut);
    require(read_exactly(&split, copy, length + 5) == CLIENT_HELLO_OK);
    require(memcmp(&whole, &split, sizeof(whole)) == 0);
    free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes;
    size_t length = size;

    if (size > MAX_INPUT)
        return 0;
    bytes = malloc(size + 1);
    require(bytes != NULL);
    if (size > 0 && data[0] != 22)
        length = fuzz_read_hex(data, size, bytes);
    else if (size > 0)
        memcpy(bytes, data, size);
    check_beginnings(bytes, length);
    check_split(bytes, length);
    free(bytes);
    return 0;
}
