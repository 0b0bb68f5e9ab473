/* SPDX-License-Identifier: MIT */
/* json.c - writes strings of RFC 8259. */

#include "common/json.h"

#include <string.h>

#include "common/text.h"

void
json_write_string(FILE *out, const char *text)
{
    const size_t length = strlen(text);

    fputc('"', out);
    for (size_t i = 0; i < length;) {
        unsigned long c = 0;
        const size_t n = text_read_utf8(text + i, length - i, &c);

        if (n == 0)
            fputs("\\ufffd", out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", (int)c);
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            fprintf(out, "\\u%04lx", c);
        else
            fwrite(text + i, 1, n, out);
        i += n == 0 ? 1 : n;
    }
    fputc('"', out);
}

void
json_write_member(FILE *out, const char *key, const char *text)
{
    fprintf(out, ",\"%s\":", key);
    json_write_string(out, text);
}
