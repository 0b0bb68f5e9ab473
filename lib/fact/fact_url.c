/* SPDX-License-Identifier: MIT */
/* fact_url.c - addresses become facts, their content nested artifacts. */

#include "fact/fact_url.h"

#include "decode/decode_base64.h"
#include "url/url_out.h"

/* Bytes that each relative address may take over from the base.  Real bases
 * stay below; longer ones would let a page of links grow without measure. */
#define MAX_BASE ((size_t)2048)

/* What the decoder asks for beyond its result, which is shorter than its
 * input. */
#define BASE64_SLACK ((size_t)64)

/* One address on its way into the facts. */
struct source {
    struct dv_facts *facts;
    struct dv_span raw;
    davy_kind kind;
    size_t at;
    size_t len;
};

/* Bodies of javascript: links that are there to do nothing.  Pages hold
 * thousands; none is worth an artifact. */
static const char *const idle_bodies[] = {
    "", ";", ";;", "//", "#", "void(0)", "void(0);", "void 0", "void 0;",
    "void()", "void();", "undefined", "null", "false", "false;", "true", "0"
};

/* Schemes that load nothing that we could see. */
static const char *const silent_schemes[] = { "about", "blob", "mailto",
                                              "tel" };

/* Types of data: documents that browsers read as markup with scripts. */
static const char *const page_types[] = {
    "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml",
    "application/xml"
};

static const char *const media_types[] = { "image/", "font/", "audio/",
                                           "video/", "text/css" };

static bool
is_one_of(struct dv_span text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dv_span_equal_nocase(text, dv_span_cstr(list[i])))
            return true;
    }
    return false;
}

static void
refuse_memory(struct dv_facts *facts)
{
    facts->status = DAVY_NO_MEMORY;
}

/* What follows the colon of the scheme. */
static struct dv_span
body_of(const struct dv_url *url)
{
    struct dv_span body = url->href;

    dv_span_skip(&body, url->scheme.len + 1);
    return body;
}

/* ---- javascript: ------------------------------------------------------ */

/* HTML, "evaluate a javascript: URL": everything behind the colon, with its
 * query and fragment, percent-decoded. */
static void
add_script(const struct source *source, const struct dv_url *url)
{
    struct dv_nested nested = { .type = DV_NESTED_SCRIPT,
                                .label = "javascript:",
                                .at = (uint32_t)source->at,
                                .len = (uint32_t)source->len };

    if (!dv_url_percent_decode(source->facts->arena, body_of(url),
                               &nested.bytes)) {
        refuse_memory(source->facts);
        return;
    }
    if (is_one_of(dv_span_trim(nested.bytes), idle_bodies,
                  DV_COUNT_OF(idle_bodies)))
        return;
    if (source->raw.len == source->len
        && dv_span_ends_with(source->raw, nested.bytes)) {
        nested.is_verbatim = true;
        nested.at = (uint32_t)(source->at + source->len - nested.bytes.len);
        nested.len = (uint32_t)nested.bytes.len;
    }
    dv_facts_add_nested(source->facts, &nested);
}

/* ---- data: ------------------------------------------------------------ */

/* Whether `type` ends in `;base64`; takes that off. */
static bool
take_base64(struct dv_span *type)
{
    struct dv_span head = *type;

    if (head.len < 6
        || !dv_span_equal_nocase(dv_span_slice(head, head.len - 6, 6),
                                 DV_SPAN_LIT("base64")))
        return false;
    head.len -= 6;
    while (head.len != 0 && head.at[head.len - 1] == ' ')
        head.len--;
    if (head.len == 0 || head.at[head.len - 1] != ';')
        return false;
    head.len--;
    *type = head;
    return true;
}

/* A type without a slash means plain text (Fetch, "data: URL processor"). */
static const char *
keep_type(struct dv_arena *arena, struct dv_span type)
{
    char *text;

    if (dv_span_find_byte(type, '/') == type.len)
        return "text/plain;charset=US-ASCII";
    text = dv_arena_alloc(arena, type.len + 1);
    if (text == NULL)
        return NULL;
    memcpy(text, type.at, type.len);
    text[type.len] = '\0';
    return text;
}

static struct dv_span
essence_of(struct dv_span type)
{
    return dv_span_trim(dv_span_slice(type, 0, dv_span_find_byte(type, ';')));
}

static enum dv_nested_type
nested_type_of(davy_kind kind, struct dv_span essence)
{
    switch (kind) {
    case DAVY_KIND_SCRIPT:
        return DV_NESTED_SCRIPT;
    case DAVY_KIND_MODULE:
        return DV_NESTED_MODULE;
    case DAVY_KIND_WORKER:
    case DAVY_KIND_SERVICE_WORKER:
        return DV_NESTED_WORKER;
    case DAVY_KIND_FRAME:
    case DAVY_KIND_DOCUMENT:
        if (is_one_of(essence, page_types, DV_COUNT_OF(page_types)))
            return DV_NESTED_PAGE;
        return DV_NESTED_BYTES;
    default:
        return DV_NESTED_BYTES;
    }
}

/* Pictures and the like in a place where nothing runs. */
static bool
is_media(davy_kind kind, struct dv_span essence)
{
    if (kind != DAVY_KIND_OTHER && kind != DAVY_KIND_LINK
        && kind != DAVY_KIND_ANY)
        return false;
    for (size_t i = 0; i < DV_COUNT_OF(media_types); i++) {
        if (dv_span_starts_with_nocase(essence,
                                       dv_span_cstr(media_types[i])))
            return true;
    }
    return false;
}

/* The bytes of a data: address; DAVY_MALFORMED when it has none. */
static davy_status
decode_body(struct dv_facts *facts, struct dv_span body, bool is_base64,
            struct dv_span *bytes)
{
    struct dv_buf buf;
    davy_status st;

    if (!dv_url_percent_decode(facts->arena, body, bytes))
        return DAVY_NO_MEMORY;
    if (!is_base64)
        return DAVY_OK;
    dv_buf_init(&buf, facts->mem, bytes->len + BASE64_SLACK);
    st = dv_decode_atob(*bytes, &buf);
    if (st == DAVY_OK
        && !dv_arena_copy(facts->arena, dv_buf_span(&buf), bytes))
        st = DAVY_NO_MEMORY;
    dv_buf_fini(&buf);
    return st;
}

/* Fetch, "data: URL processor". */
static void
add_data(const struct source *source, const struct dv_url *url)
{
    struct dv_arena *arena = source->facts->arena;
    struct dv_nested nested = { .label = "data:",
                                .at = (uint32_t)source->at,
                                .len = (uint32_t)source->len };
    struct dv_span body = body_of(url);
    struct dv_span type;
    size_t comma;
    davy_status st;

    if (url->has_fragment)
        body.len -= url->fragment.len + 1;
    comma = dv_span_find_byte(body, ',');
    type = dv_span_trim(dv_span_slice(body, 0, comma));
    if (comma == body.len || is_media(source->kind, essence_of(type)))
        return;
    dv_span_skip(&body, comma + 1);
    st = decode_body(source->facts, body, take_base64(&type), &nested.bytes);
    nested.type = nested_type_of(source->kind, essence_of(type));
    nested.content_type = keep_type(arena, type);
    if (st == DAVY_NO_MEMORY || nested.content_type == NULL)
        refuse_memory(source->facts);
    else if (st == DAVY_OK && nested.bytes.len != 0)
        dv_facts_add_nested(source->facts, &nested);
}

/* ---- Any address ------------------------------------------------------ */

static void
add_fact(const struct source *source, struct dv_span text)
{
    dv_facts_add_to(source->facts, DV_FACT_URL, DV_FACT_NONE,
                    (uint32_t)source->kind, text, source->at, source->len);
}

/* True when something was kept that lies in the arena. */
static bool
add_url(const struct source *source, const struct dv_url *url)
{
    if (dv_span_equal_cstr(url->scheme, "javascript")) {
        add_script(source, url);
        return true;
    }
    if (dv_span_equal_cstr(url->scheme, "data")) {
        add_data(source, url);
        return true;
    }
    if (!is_one_of(url->scheme, silent_schemes,
                   DV_COUNT_OF(silent_schemes)))
        add_fact(source, url->href);
    return false;
}

/* Whether relative addresses are resolved against `base`. */
static bool
is_usable(const struct dv_url *base)
{
    return base != NULL && !base->is_opaque
           && (size_t)(base->path.at - base->href.at) + base->path.len
                  <= MAX_BASE;
}

/* Without a base, `//host/path` still names its host, which is what lists ask
 * about; only the scheme is a guess. */
static davy_status
parse(struct dv_facts *facts, struct dv_span raw, const struct dv_url *base,
      struct dv_url *url)
{
    struct dv_url secure;

    if (base != NULL
        || !dv_span_starts_with(dv_span_trim(raw), DV_SPAN_LIT("//")))
        return dv_url_parse(url, facts->arena, raw, base);
    if (dv_url_parse(&secure, facts->arena,
                     DV_SPAN_LIT("https://base.invalid/"), NULL)
        != DAVY_OK)
        return DAVY_NO_MEMORY;
    return dv_url_parse(url, facts->arena, raw, &secure);
}

void
dv_fact_url_add(struct dv_facts *facts, const struct dv_url *base,
                struct dv_span raw, davy_kind kind, size_t at, size_t len)
{
    const struct source source = { facts, raw, kind, at, len };
    const struct dv_span written = dv_span_trim(raw);
    const struct dv_arena before = *facts->arena;
    struct dv_url url;
    bool is_kept = false;
    davy_status st;

    if (written.len == 0 || facts->status != DAVY_OK)
        return;
    if (!is_usable(base))
        base = NULL;
    st = parse(facts, raw, base, &url);
    if (st == DAVY_NO_MEMORY)
        refuse_memory(facts);
    if (st == DAVY_OK)
        is_kept = add_url(&source, &url);
    else if (st == DAVY_MALFORMED && base == NULL)
        add_fact(&source, written);

    /* The text was copied into the stream; take the room back if it came from
     * the block that was open before. */
    if (!is_kept && facts->arena->head == before.head)
        *facts->arena = before;
}
