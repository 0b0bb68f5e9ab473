/* SPDX-License-Identifier: MIT */
/* decode_encoding.c - finds encodings by their labels (WHATWG Encoding, 4). */

#include "decode/decode_encoding.h"

#include "base/compiler.h"

static const struct {
    const char *name;
    enum dv_encoding_kind kind;
    const char *converter;
} encodings[DV_ENCODINGS] = {
    [DV_ENCODING_NONE] = { "", DV_ENCODING_NOTHING, NULL },
#define DV_ENCODING_ROW(NAME, name, kind, converter) \
    [DV_ENCODING_##NAME] = { name, DV_ENCODING_##kind, converter },
#include "decode/decode_encoding.def"
#undef DV_ENCODING_ROW
};

static const struct {
    const char *text;
    size_t len;
    enum dv_encoding encoding;
} labels[] = {
#define DV_LABEL_ROW(text, NAME) \
    { text, sizeof(text) - 1, DV_ENCODING_##NAME },
#include "decode/decode_label.def"
#undef DV_LABEL_ROW
};

enum dv_encoding
dv_encoding_find(struct dv_span label)
{
    label = dv_span_trim(label);
    for (size_t i = 0; i < DV_COUNT_OF(labels); i++) {
        if (labels[i].len == label.len
            && dv_span_equal_nocase(label, dv_span_of(labels[i].text,
                                                      labels[i].len)))
            return labels[i].encoding;
    }
    return DV_ENCODING_NONE;
}

const char *
dv_encoding_name(enum dv_encoding encoding)
{
    return encodings[encoding].name;
}

enum dv_encoding_kind
dv_encoding_kind(enum dv_encoding encoding)
{
    return encodings[encoding].kind;
}

const char *
dv_encoding_converter(enum dv_encoding encoding)
{
    return encodings[encoding].converter;
}
