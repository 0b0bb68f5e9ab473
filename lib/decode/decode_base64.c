/* SPDX-License-Identifier: MIT */
/* decode_base64.c - base64 text to bytes and back (RFC 4648). */

#include "decode/decode_base64.h"

#include "base/ascii.h"

/* Marks in a table of letters, above the 64 values. */
#define PAD     0x40u
#define SPACE   0x41u
#define FOREIGN 0x42u

/* One foreign byte among so many letters is noise; more are another text. */
#define LETTERS_PER_FOREIGN 16

/* How much of each end dv_decode_base64_looks_like reads, and the fewest
 * letters that it takes for base64: two bytes less than a word's worth. */
#define LOOK        ((size_t)64)
#define LEAST_CLAIM ((size_t)8)

static const char standard[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct decoder {
    uint8_t table[256];
    uint8_t *to;
    uint32_t bits;                      /* letters of an unfinished quantum */
    unsigned count;                     /* how many, 0-3 */
    size_t letters;
    size_t pads;
    size_t foreign;
    bool is_late;                       /* a letter behind padding */
};

static void
learn_alphabet(struct decoder *d, const char *alphabet, const char *spaces)
{
    memset(d, 0, sizeof(*d));
    memset(d->table, FOREIGN, sizeof(d->table));
    for (; *spaces != '\0'; spaces++)
        d->table[(uint8_t)*spaces] = SPACE;
    d->table['='] = PAD;
    for (unsigned i = 0; i < 64; i++)
        d->table[(uint8_t)alphabet[i]] = (uint8_t)i;
}

/* Decode whole quanta as long as nothing but letters comes. */
static void
take_quanta(struct decoder *d, struct dv_span *in)
{
    const uint8_t *const table = d->table;
    const uint8_t *at = in->at;
    size_t n = in->len / 4;
    uint8_t *to = d->to;

    for (; n > 0; n--, at += 4, to += 3) {
        const uint32_t a = table[at[0]], b = table[at[1]];
        const uint32_t c = table[at[2]], e = table[at[3]];
        const uint32_t bits = a << 18 | b << 12 | c << 6 | e;

        if ((a | b | c | e) >= PAD)
            break;
        to[0] = (uint8_t)(bits >> 16);
        to[1] = (uint8_t)(bits >> 8);
        to[2] = (uint8_t)bits;
    }
    if (at != in->at && d->pads != 0)
        d->is_late = true;
    d->letters += (size_t)(at - in->at);
    dv_span_skip(in, (size_t)(at - in->at));
    d->to = to;
}

/* Write what whole bytes an unfinished quantum has; left-over bits go. */
static void
end_quantum(struct decoder *d)
{
    if (d->count >= 2)
        *d->to++ = (uint8_t)(d->bits >> (6 * d->count - 8));
    if (d->count == 3)
        *d->to++ = (uint8_t)(d->bits >> 2);
    d->count = 0;
    d->bits = 0;
}

static void
take_byte(struct decoder *d, uint8_t byte)
{
    const uint8_t value = d->table[byte];

    if (value < PAD) {
        d->letters++;
        d->is_late |= d->pads != 0;
        d->bits = d->bits << 6 | value;
        if (++d->count == 4) {
            *d->to++ = (uint8_t)(d->bits >> 16);
            *d->to++ = (uint8_t)(d->bits >> 8);
            *d->to++ = (uint8_t)d->bits;
            d->count = 0;
            d->bits = 0;
        }
    } else if (value == PAD) {
        d->pads++;
        end_quantum(d);
    } else if (value == FOREIGN) {
        d->foreign++;
    }
}

/* Append all that `in` can mean to `out`; the caller judges by the counts. */
static davy_status
run(struct decoder *d, struct dv_span in, struct dv_buf *out)
{
    const davy_status st = dv_buf_reserve(out, in.len / 4 * 3 + 3);

    if (st != DAVY_OK)
        return st;
    d->to = out->at + out->len;
    while (in.len > 0) {
        if (d->count == 0)
            take_quanta(d, &in);
        if (in.len > 0) {
            take_byte(d, in.at[0]);
            dv_span_skip(&in, 1);
        }
    }
    end_quantum(d);
    return DAVY_OK;
}

static davy_status
decode_leniently(struct decoder *d, struct dv_span in, struct dv_buf *out)
{
    const davy_status st = run(d, in, out);

    if (st != DAVY_OK)
        return st;
    if (d->letters == 1 || d->foreign > d->letters / LETTERS_PER_FOREIGN)
        return DAVY_MALFORMED;
    out->len = (size_t)(d->to - out->at);
    return DAVY_OK;
}

davy_status
dv_decode_base64_with(struct dv_span in, const char *alphabet,
                      struct dv_buf *out)
{
    struct decoder d;

    learn_alphabet(&d, alphabet, " \t\n\f\r\v");
    return decode_leniently(&d, in, out);
}

davy_status
dv_decode_base64(struct dv_span in, struct dv_buf *out)
{
    struct decoder d;

    learn_alphabet(&d, standard, " \t\n\f\r\v");
    d.table['-'] = 62;
    d.table['_'] = 63;
    return decode_leniently(&d, in, out);
}

davy_status
dv_decode_atob(struct dv_span in, struct dv_buf *out)
{
    struct decoder d;
    bool is_whole;
    davy_status st;

    learn_alphabet(&d, standard, " \t\n\f\r");
    st = run(&d, in, out);
    if (st != DAVY_OK)
        return st;
    if (d.pads == 0)
        is_whole = d.letters % 4 != 1;
    else
        is_whole = d.pads <= 2 && (d.letters + d.pads) % 4 == 0;
    if (d.foreign != 0 || d.is_late || !is_whole)
        return DAVY_MALFORMED;
    out->len = (size_t)(d.to - out->at);
    return DAVY_OK;
}

static void
encode_tail(struct dv_span in, uint8_t *to)
{
    const uint32_t bits = (uint32_t)in.at[0] << 16
                          | (in.len == 2 ? (uint32_t)in.at[1] << 8 : 0);

    to[0] = (uint8_t)standard[bits >> 18];
    to[1] = (uint8_t)standard[bits >> 12 & 63];
    to[2] = in.len == 2 ? (uint8_t)standard[bits >> 6 & 63] : '=';
    to[3] = '=';
}

davy_status
dv_encode_base64(struct dv_span in, struct dv_buf *out)
{
    size_t n;
    uint8_t *to;
    davy_status st;

    if (!dv_mem_mul(in.len / 3 + (in.len % 3 != 0), 4, &n))
        return DAVY_LIMIT;
    st = dv_buf_reserve(out, n);
    if (st != DAVY_OK || n == 0)
        return st;
    to = out->at + out->len;
    for (; in.len >= 3; dv_span_skip(&in, 3), to += 4) {
        const uint32_t bits = (uint32_t)in.at[0] << 16
                              | (uint32_t)in.at[1] << 8 | in.at[2];

        to[0] = (uint8_t)standard[bits >> 18];
        to[1] = (uint8_t)standard[bits >> 12 & 63];
        to[2] = (uint8_t)standard[bits >> 6 & 63];
        to[3] = (uint8_t)standard[bits & 63];
    }
    if (in.len != 0)
        encode_tail(in, to);
    out->len += n;
    return DAVY_OK;
}

/* Count the letters of `part` by kind; false when a byte is none of base64. */
static bool
count_kinds(struct dv_span part, size_t kinds[3], size_t *letters)
{
    for (size_t i = 0; i < part.len; i++) {
        const uint8_t c = part.at[i];

        if (dv_ascii_is_space(c))
            continue;
        if (dv_ascii_is_lower(c))
            kinds[0]++;
        else if (dv_ascii_is_upper(c))
            kinds[1]++;
        else if (dv_ascii_is_digit(c) || c == '+' || c == '/' || c == '-'
                 || c == '_')
            kinds[2]++;
        else
            return false;
        *letters += 1;
    }
    return true;
}

bool
dv_decode_base64_looks_like(struct dv_span in)
{
    size_t kinds[3] = { 0, 0, 0 };
    size_t letters = 0;
    bool is_whole;

    in = dv_span_trim(in);
    is_whole = in.len <= 2 * LOOK;
    for (int i = 0; i < 2 && in.len > 0 && in.at[in.len - 1] == '='; i++)
        in.len--;
    if (!count_kinds(dv_span_slice(in, 0, LOOK), kinds, &letters))
        return false;
    if (in.len > LOOK) {
        const size_t from = is_whole ? LOOK : in.len - LOOK;

        if (!count_kinds(dv_span_slice(in, from, LOOK), kinds, &letters))
            return false;
    }
    if (letters < LEAST_CLAIM || (is_whole && letters % 4 == 1))
        return false;
    return (kinds[0] != 0) + (kinds[1] != 0) + (kinds[2] != 0) >= 2;
}
