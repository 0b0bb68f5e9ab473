/* SPDX-License-Identifier: MIT */
/* url_idna.c - mapping by tables, then Punycode (RFC 3492). */

#include "url/url_idna.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "url/url_out.h"

#define MAX_LABEL 255

struct text_row {
    uint32_t first;
    uint32_t last;
    bool grows;
    char text[7];
};

struct lower_row {
    uint32_t first;
    uint32_t last;
    uint32_t step;
    int32_t delta;
};

static const struct text_row text_rows[] = {
#define DV_URL_IDNA_TEXT(first, last, grows, text) \
    { first, last, grows, text },
#include "url/url_idna.def"
#undef DV_URL_IDNA_TEXT
};

static const struct lower_row lower_rows[] = {
#define DV_URL_IDNA_LOWER(first, last, step, delta) \
    { first, last, step, delta },
#include "url/url_idna.def"
#undef DV_URL_IDNA_LOWER
};

/* A label on its way: mapped code points, and where the result goes. */
struct label {
    struct dv_url_out *out;
    uint32_t at[MAX_LABEL];
    size_t len;
    bool is_ascii;
    bool is_bad;
};

static const struct text_row *
find_text_row(uint32_t c)
{
    size_t low = 0;
    size_t high = DV_COUNT_OF(text_rows);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (text_rows[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == DV_COUNT_OF(text_rows) || text_rows[low].first > c)
        return NULL;
    return &text_rows[low];
}

static uint32_t
lower(uint32_t c)
{
    size_t low = 0;
    size_t high = DV_COUNT_OF(lower_rows);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (lower_rows[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == DV_COUNT_OF(lower_rows) || lower_rows[low].first > c
        || (c - lower_rows[low].first) % lower_rows[low].step != 0)
        return c;
    return (uint32_t)((int32_t)c + lower_rows[low].delta);
}

/* RFC 3492, 6.1: how the next threshold follows from the last delta. */
static uint32_t
adapt(uint32_t delta, uint32_t points, bool is_first)
{
    uint32_t k = 0;

    delta = is_first ? delta / 700 : delta / 2;
    delta += delta / points;
    for (; delta > 455; k += 36)
        delta /= 35;
    return k + 36 * delta / (delta + 38);
}

/* RFC 3492, 3.3: a number in digits whose weights depend on `bias`. */
static void
put_variable(struct dv_url_out *out, uint32_t q, uint32_t bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (uint32_t k = 36;; k += 36) {
        const uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;

        if (q < t)
            break;
        dv_url_out_byte(out, (uint8_t)digits[t + (q - t) % (36 - t)]);
        q = (q - t) / (36 - t);
    }
    dv_url_out_byte(out, (uint8_t)digits[q]);
}

static uint32_t
smallest_from(const struct label *label, uint32_t n)
{
    uint32_t m = UINT32_MAX;

    for (size_t i = 0; i < label->len; i++) {
        if (label->at[i] >= n && label->at[i] < m)
            m = label->at[i];
    }
    return m;
}

/* Write the ASCII code points of a label; their number. */
static uint32_t
put_basic(const struct label *label)
{
    uint32_t n = 0;

    for (size_t i = 0; i < label->len; i++) {
        if (label->at[i] < 0x80) {
            dv_url_out_byte(label->out, (uint8_t)label->at[i]);
            n++;
        }
    }
    return n;
}

/* RFC 3492, 6.3.  At most 255 points below 2^21 keep delta in 32 bits. */
static void
put_punycode(const struct label *label)
{
    uint32_t n = 0x80;
    uint32_t delta = 0;
    uint32_t bias = 72;
    uint32_t basic;
    uint32_t done;

    dv_url_out_put(label->out, DV_SPAN_LIT("xn--"));
    basic = done = put_basic(label);
    if (basic != 0)
        dv_url_out_byte(label->out, '-');
    while (done < label->len) {
        const uint32_t m = smallest_from(label, n);

        delta += (m - n) * (done + 1);
        n = m;
        for (size_t i = 0; i < label->len; i++) {
            if (label->at[i] < n)
                delta++;
            if (label->at[i] != n)
                continue;
            put_variable(label->out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        n++;
    }
}

static void
end_label(struct label *label)
{
    if (label->is_ascii)
        put_basic(label);
    else
        put_punycode(label);
    label->len = 0;
    label->is_ascii = true;
}

static void
add_point(struct label *label, uint32_t c)
{
    if (c == '.') {
        end_label(label);
        dv_url_out_byte(label->out, '.');
        return;
    }
    if (label->len == MAX_LABEL) {
        label->is_bad = true;
        return;
    }
    label->at[label->len++] = c;
    label->is_ascii = label->is_ascii && c < 0x80;
}

static void
map_point(struct label *label, uint32_t c)
{
    const struct text_row *row;

    if (c < 0x80) {
        add_point(label, dv_ascii_lower((uint8_t)c));
        return;
    }
    row = find_text_row(c);
    if (row == NULL) {
        add_point(label, lower(c));
        return;
    }
    if (row->grows) {
        add_point(label, (uint8_t)row->text[0] + (c - row->first));
        return;
    }
    for (const char *text = row->text; *text != '\0'; text++)
        add_point(label, (uint8_t)*text);
}

/* U+FFFD, and the code points that Unicode keeps free for ever. */
static bool
is_no_character(uint32_t c)
{
    return c == DV_UTF8_REPLACEMENT || (c & 0xfffe) == 0xfffe
           || (c >= 0xfdd0 && c <= 0xfdef);
}

davy_status
dv_url_idna_to_ascii(struct dv_arena *arena, struct dv_span host,
                     struct dv_span *ascii)
{
    struct dv_url_out out;
    struct label label = { .out = &out, .is_ascii = true };
    uint32_t c;
    size_t taken;

    dv_url_out_init(&out, arena);
    while (host.len != 0) {
        if (!dv_utf8_read_strict(host, &c, &taken) || label.is_bad
            || is_no_character(c))
            return DAVY_MALFORMED;
        map_point(&label, c);
        dv_span_skip(&host, taken);
    }
    end_label(&label);
    if (label.is_bad)
        return DAVY_MALFORMED;
    return dv_url_out_finish(&out, ascii) ? DAVY_OK : DAVY_NO_MEMORY;
}
