/* SPDX-License-Identifier: MIT */
/* url_host.c - domains, numeric addresses and opaque hosts. */

#include "url/url_host.h"

#include "base/ascii.h"
#include "url/url_idna.h"
#include "url/url_ip.h"
#include "url/url_out.h"

/* What a byte means in a host. */
enum {
    UPPER = 1,                          /* must be lowered */
    CODED = 2,                          /* `%`: must be decoded */
    WIDE = 4,                           /* beyond ASCII */
    NOT_IN_DOMAIN = 8,                  /* forbidden domain code point */
    NOT_IN_HOST = 16                    /* forbidden host code point */
};

#define BAD (NOT_IN_DOMAIN | NOT_IN_HOST)

static const uint8_t classes[128] = {
    BAD, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, BAD, BAD,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, BAD, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN, NOT_IN_DOMAIN,
    [' '] = BAD, ['#'] = BAD, ['/'] = BAD, [':'] = BAD, ['<'] = BAD,
    ['>'] = BAD, ['?'] = BAD, ['@'] = BAD, ['['] = BAD, ['\\'] = BAD,
    [']'] = BAD, ['^'] = BAD, ['|'] = BAD,
    ['%'] = CODED | NOT_IN_DOMAIN, [0x7f] = NOT_IN_DOMAIN,
    ['A'] = UPPER, ['B'] = UPPER, ['C'] = UPPER, ['D'] = UPPER,
    ['E'] = UPPER, ['F'] = UPPER, ['G'] = UPPER, ['H'] = UPPER,
    ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER,
    ['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER,
    ['Q'] = UPPER, ['R'] = UPPER, ['S'] = UPPER, ['T'] = UPPER,
    ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER,
    ['Y'] = UPPER, ['Z'] = UPPER
};

/* The classes of all bytes together. */
static unsigned
classes_of(struct dv_span text)
{
    unsigned seen = 0;

    for (size_t i = 0; i < text.len; i++)
        seen |= text.at[i] < 0x80 ? classes[text.at[i]] : (unsigned)WIDE;
    return seen;
}

static davy_status
keep_text(struct dv_arena *arena, const char *text, size_t len,
          struct dv_span *host)
{
    if (len == 0)
        return DAVY_MALFORMED;
    return dv_arena_copy(arena, dv_span_of(text, len), host) ? DAVY_OK
                                                             : DAVY_NO_MEMORY;
}

static davy_status
parse_v6(struct dv_arena *arena, struct dv_span text, struct dv_span *host)
{
    char written[DV_URL_IP_TEXT];

    if (text.len < 2 || text.at[text.len - 1] != ']')
        return DAVY_MALFORMED;
    text = dv_span_slice(text, 1, text.len - 2);
    return keep_text(arena, written, dv_url_ip_v6(text, written), host);
}

static davy_status
parse_opaque(struct dv_arena *arena, struct dv_span text,
             struct dv_span *host)
{
    struct dv_url_out out;

    if (classes_of(text) & NOT_IN_HOST)
        return DAVY_MALFORMED;
    dv_url_out_init(&out, arena);
    dv_url_out_encode(&out, text, DV_URL_SET_C0);
    return dv_url_out_finish(&out, host) ? DAVY_OK : DAVY_NO_MEMORY;
}

/* Undo percent-encoding, case and foreign scripts where there are any. */
static davy_status
to_ascii(struct dv_arena *arena, struct dv_span text, struct dv_span *domain)
{
    if (classes_of(text) & CODED
        && !dv_url_percent_decode(arena, text, &text))
        return DAVY_NO_MEMORY;
    *domain = text;
    if (classes_of(text) & (UPPER | WIDE))
        return dv_url_idna_to_ascii(arena, text, domain);
    return DAVY_OK;
}

davy_status
dv_url_host_parse(struct dv_arena *arena, struct dv_span text,
                  bool is_opaque, struct dv_span *host,
                  enum dv_url_host *type)
{
    char written[DV_URL_IP_TEXT];
    davy_status st;

    *type = DV_URL_HOST_IPV6;
    if (text.len != 0 && text.at[0] == '[')
        return parse_v6(arena, text, host);
    *type = DV_URL_HOST_OPAQUE;
    if (is_opaque)
        return parse_opaque(arena, text, host);
    *type = DV_URL_HOST_NAME;
    *host = text;
    if (classes_of(text) != 0) {
        st = to_ascii(arena, text, host);
        if (st != DAVY_OK)
            return st;
    }
    if (host->len == 0 || classes_of(*host) & BAD)
        return DAVY_MALFORMED;
    if (!dv_url_ip_ends_in_number(*host))
        return DAVY_OK;
    *type = DV_URL_HOST_IPV4;
    return keep_text(arena, written, dv_url_ip_v4(*host, written), host);
}
