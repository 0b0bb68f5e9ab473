/* SPDX-License-Identifier: MIT */
/* words.c - finds strings in text and tells keys from values.
 *
 * No JSON is demanded: socket.io puts digits before it, pools send lines, and
 * a text that is cut or broken still has its words. */

#include "frame/words.h"

#include "base/ascii.h"

void
dv_words_init(struct dv_words *words)
{
    memset(words, 0, sizeof(*words));
}

static void
clear(struct dv_words *words)
{
    words->len = 0;
    words->is_cut = false;
}

static void
keep(struct dv_words *words, uint8_t c)
{
    if (words->len < DV_WORDS_BYTES)
        words->text[words->len++] = c;
    else
        words->is_cut = true;
}

static void
hand_out(struct dv_words *words, bool is_key, dv_words_sink sink, void *ctx)
{
    if (!words->is_cut && words->len > 0)
        sink(ctx, dv_span_of(words->text, words->len), is_key);
    clear(words);
}

/* What an escape stands for; protocols are ASCII, so the rest is `?`. */
static void
read_escape(struct dv_words *words, uint8_t c)
{
    words->state = DV_WORDS_INSIDE;
    if (c == 'u') {
        words->state = DV_WORDS_HEX;
        words->digits = 0;
        words->code = 0;
    } else if (c == '"') {
        clear(words);                   /* a string that holds strings */
        words->state = DV_WORDS_INNER;
    } else {
        keep(words, c == '/' || c == '\\' ? c : ' ');
    }
}

static void
read_hex(struct dv_words *words, uint8_t c)
{
    const int digit = dv_ascii_hex(c);

    words->code = (uint16_t)(words->code << 4 | (digit & 15));
    if (digit >= 0 && ++words->digits < 4)
        return;
    keep(words, digit >= 0 && words->code < 0x80 ? (uint8_t)words->code : '?');
    words->state = DV_WORDS_INSIDE;
}

/* One byte; false when it has to be looked at again. */
static bool
step(struct dv_words *words, uint8_t c, dv_words_sink sink, void *ctx)
{
    switch (words->state) {
    case DV_WORDS_OUTSIDE:
        if (c == '"')
            words->state = DV_WORDS_INSIDE;
        break;
    case DV_WORDS_INSIDE:
        if (c == '\\')
            words->state = DV_WORDS_ESCAPE;
        else if (c == '"')
            words->state = DV_WORDS_BEHIND;
        else
            keep(words, c);
        break;
    case DV_WORDS_ESCAPE:
        read_escape(words, c);
        break;
    case DV_WORDS_HEX:
        read_hex(words, c);
        break;
    case DV_WORDS_BEHIND:
        if (dv_ascii_is_space(c))
            break;
        hand_out(words, c == ':', sink, ctx);
        words->state = DV_WORDS_OUTSIDE;
        return c == ':';
    case DV_WORDS_NESTED:
        if (c == '\\')
            words->state = DV_WORDS_NESTED_ESCAPE;
        else if (c == '"')
            words->state = DV_WORDS_OUTSIDE;
        break;
    case DV_WORDS_NESTED_ESCAPE:
        words->state = c == '"' ? DV_WORDS_INNER : DV_WORDS_NESTED;
        break;
    case DV_WORDS_INNER:
        if (c == '\\')
            words->state = DV_WORDS_INNER_ESCAPE;
        else if (c == '"')
            words->state = DV_WORDS_OUTSIDE;
        else
            keep(words, c);
        break;
    case DV_WORDS_INNER_ESCAPE:
        words->state = c == '"' ? DV_WORDS_INNER_BEHIND : DV_WORDS_INNER;
        break;
    case DV_WORDS_INNER_BEHIND:
        if (dv_ascii_is_space(c))
            break;
        hand_out(words, c == ':', sink, ctx);
        words->state = DV_WORDS_NESTED;
        return c == ':';
    }
    return true;
}

/* Texts outside of strings, and the insides of long ones, are passed over by
 * memchr. */
static size_t
pass_over(const struct dv_words *words, struct dv_span text)
{
    size_t quote, backslash;

    if (words->state == DV_WORDS_OUTSIDE)
        return dv_span_find_byte(text, '"');
    if (words->state != DV_WORDS_INSIDE || !words->is_cut)
        return 0;
    quote = dv_span_find_byte(text, '"');
    backslash = dv_span_find_byte(dv_span_slice(text, 0, quote), '\\');
    return backslash;
}

void
dv_words_feed(struct dv_words *words, struct dv_span text, dv_words_sink sink,
              void *ctx)
{
    for (;;) {
        dv_span_skip(&text, pass_over(words, text));
        if (text.len == 0)
            return;
        if (words->state == DV_WORDS_OUTSIDE)
            clear(words);
        if (step(words, text.at[0], sink, ctx))
            dv_span_skip(&text, 1);
    }
}

void
dv_words_end(struct dv_words *words, dv_words_sink sink, void *ctx)
{
    if (words->state == DV_WORDS_BEHIND
        || words->state == DV_WORDS_INNER_BEHIND)
        hand_out(words, false, sink, ctx);
    dv_words_init(words);
}
