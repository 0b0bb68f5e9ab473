/* SPDX-License-Identifier: MIT */
/* fact_sink.c - what is known of sinks, whoever reaches them. */

#include "fact/fact_sink.h"

#include "base/ascii.h"
#include "base/compiler.h"

#define LAST DV_SINK_LAST
#define ALL  DV_SINK_ALL

#define DETAIL_LOAD(detail)      detail, NULL
#define DETAIL_STREAM(detail)    detail, NULL
#define DETAIL_OPTIONS(detail)   detail, NULL
#define DETAIL_NODE(detail)      DAVY_KIND_ANY, detail
#define DETAIL_CODE(detail)      DAVY_KIND_ANY, detail
#define DETAIL_TEXT(detail)      DAVY_KIND_ANY, detail
#define DETAIL_MARKUP(detail)    DAVY_KIND_ANY, detail
#define DETAIL_BLOB(detail)      DAVY_KIND_ANY, detail
#define DETAIL_ATTRIBUTE(detail) DAVY_KIND_ANY, detail

static const struct dv_sink table[] = {
#define DV_JS_SINK_ROW(path, argument, ACTION, TAKES, detail)           \
    { { (const uint8_t *)(path), sizeof(path) - 1 }, argument,           \
      DV_SINK_##ACTION, DV_SINK_TAKES_##TAKES, DETAIL_##ACTION(detail) },
#include "fact/fact_js_sink.def"
#undef DV_JS_SINK_ROW
};

_Static_assert(DV_COUNT_OF(table) < UINT8_MAX, "places are bytes");

struct dv_span
dv_sink_last_segment(struct dv_span path)
{
    size_t at = path.len;

    while (at > 0 && path.at[at - 1] != '.')
        at--;
    return dv_span_slice(path, at, path.len);
}

/* Sinks are found by their last segment: its length and two of its bytes tell
 * almost all of them apart. */
static unsigned
bucket_of(struct dv_span path)
{
    const struct dv_span word = dv_sink_last_segment(path);
    const size_t n = word.len;

    return n == 0 ? 0
                  : (unsigned)(n * 3 + word.at[0] * 5u + word.at[n - 1] * 7u)
                        % DV_SINK_BUCKETS;
}

void
dv_sinks_init(struct dv_sinks *sinks)
{
    memset(sinks, 0, sizeof(*sinks));
    for (size_t i = DV_COUNT_OF(table); i-- > 0;) {
        const unsigned bucket = bucket_of(table[i].path);

        sinks->next[i] = sinks->first[bucket];
        sinks->first[bucket] = (uint8_t)(i + 1);
    }
}

static bool
is_path(struct dv_span path, struct dv_span wanted)
{
    if (wanted.at[0] != '*')
        return dv_span_equal(path, wanted);
    return dv_span_ends_with(path, dv_span_slice(wanted, 1, wanted.len));
}

const struct dv_sink *
dv_sinks_find(const struct dv_sinks *sinks, struct dv_span path,
              const struct dv_sink *previous)
{
    unsigned i = previous == NULL ? sinks->first[bucket_of(path)]
                                  : sinks->next[previous - table];

    while (i != 0 && !is_path(path, table[i - 1].path))
        i = sinks->next[i - 1];
    return i == 0 ? NULL : &table[i - 1];
}

bool
dv_sink_looks_like_markup(struct dv_span text)
{
    const size_t at = dv_span_find_byte(text, '<');

    return at + 1 < text.len
           && (dv_ascii_is_alpha(text.at[at + 1]) || text.at[at + 1] == '!');
}

davy_kind
dv_sink_kind_by_tag(struct dv_span tag)
{
    static const struct {
        const char *tag;
        davy_kind kind;
    } rows[] = {
        { "script", DAVY_KIND_SCRIPT }, { "iframe", DAVY_KIND_FRAME },
        { "frame", DAVY_KIND_FRAME },   { "embed", DAVY_KIND_FRAME },
        { "object", DAVY_KIND_FRAME },  { "a", DAVY_KIND_LINK },
    };

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (dv_span_equal_nocase(tag, dv_span_cstr(rows[i].tag)))
            return rows[i].kind;
    }
    return DAVY_KIND_OTHER;
}

davy_kind
dv_sink_kind_by_address(struct dv_span address)
{
    size_t n = 0;
    struct dv_span path;

    while (n < address.len && address.at[n] != '?' && address.at[n] != '#')
        n++;
    path = dv_span_slice(address, 0, n);
    if (dv_span_ends_with(path, DV_SPAN_LIT(".js"))
        || dv_span_ends_with(path, DV_SPAN_LIT(".mjs")))
        return DAVY_KIND_SCRIPT;
    return DAVY_KIND_OTHER;
}
