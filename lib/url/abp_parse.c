/* SPDX-License-Identifier: MIT */
/* abp_parse.c - one filter line: prefix, anchors, pattern, options. */

#include "url/abp_parse.h"

#include "base/ascii.h"
#include "base/compiler.h"
#include "url/url_site.h"

/* What an option that is no type does. */
enum option {
    UNKNOWN,
    UNSUPPORTED,
    THIRD_PARTY,
    FIRST_PARTY,
    DOMAINS,
    CSP,
    IMPORTANT,
    BADFILTER,
    MATCH_CASE
};

static const struct {
    const char *name;
    uint32_t types;
} type_rows[] = {
#define DV_ABP_TYPE_ROW(name, types) { name, types },
#include "url/abp_option.def"
#undef DV_ABP_TYPE_ROW
};

static const struct {
    const char *name;
    enum option option;
} option_rows[] = {
#define DV_ABP_OPTION_ROW(name, ACTION) { name, ACTION },
#include "url/abp_option.def"
#undef DV_ABP_OPTION_ROW
};

/* One option of a line, taken apart. */
struct piece {
    struct dv_span name;
    struct dv_span value;
    bool has_value;
    bool is_negated;
};

static bool
is_option_byte(uint8_t c)
{
    return dv_ascii_is_alnum(c) || c == '-' || c == '_';
}

static enum dv_abp_line
skip(struct dv_abp_filter *filter, struct dv_span line, const uint8_t *at,
     const char *reason)
{
    filter->reason = reason;
    filter->column = (size_t)(at - line.at);
    return DV_ABP_SKIPPED;
}

/* ---- Lines that are no filters ---------------------------------------- */

/* Whether `#` at `i` begins a cosmetic rule: ##, #@#, #?#, #$#, #%#, #@$?#
 * and the like. */
static bool
is_cosmetic_mark(struct dv_span line, size_t i)
{
    size_t n = 1;

    while (n < 5 && i + n < line.len
           && (line.at[i + n] == '@' || line.at[i + n] == '?'
               || line.at[i + n] == '$' || line.at[i + n] == '%'))
        n++;
    return i + n < line.len && line.at[i + n] == '#';
}

/* AdGuard's rules for markup: domain$$tag, domain$@$tag. */
static bool
is_markup_mark(struct dv_span line, size_t i)
{
    const struct dv_span rest = dv_span_slice(line, i, line.len);

    return dv_span_starts_with(rest, DV_SPAN_LIT("$$"))
           || dv_span_starts_with(rest, DV_SPAN_LIT("$@$"));
}

/* A list of domains, maybe empty, and then a mark. */
static bool
is_cosmetic(struct dv_span line)
{
    for (size_t i = 0; i < line.len; i++) {
        const uint8_t c = line.at[i];

        if (c == '#' && is_cosmetic_mark(line, i))
            return true;
        if (c == '$' && is_markup_mark(line, i))
            return true;
        if (c == '/' || c == '|' || c == '?' || c == '=')
            return false;
    }
    return false;
}

static bool
is_nothing(struct dv_span line)
{
    if (line.len == 0 || line.at[0] == '!')
        return true;
    if (line.at[0] == '[')              /* [Adblock Plus 2.0] */
        return line.at[line.len - 1] == ']';
    return line.at[0] == '#' && !is_cosmetic_mark(line, 0);
}

/* ---- Options ---------------------------------------------------------- */

/* Where the options begin, behind their `$`; line.len for none.  Of several
 * dollars the last one counts that a name follows. */
static size_t
find_options(struct dv_span line)
{
    for (size_t i = line.len; i > 0; i--) {
        size_t n = i;

        if (line.at[i - 1] != '$')
            continue;
        if (n < line.len && line.at[n] == '~')
            n++;
        if (n == line.len || !is_option_byte(line.at[n]))
            continue;
        while (n < line.len && is_option_byte(line.at[n]))
            n++;
        if (n == line.len || line.at[n] == ',' || line.at[n] == '=')
            return i;
    }
    return line.len;
}

static struct piece
take_option(struct dv_span *options)
{
    const size_t comma = dv_span_find_byte(*options, ',');
    struct dv_span text = dv_span_trim(dv_span_of(options->at, comma));
    struct piece piece = { .is_negated = false };
    size_t equals;

    dv_span_skip(options, comma < options->len ? comma + 1 : comma);
    if (text.len != 0 && text.at[0] == '~') {
        piece.is_negated = true;
        dv_span_skip(&text, 1);
    }
    equals = dv_span_find_byte(text, '=');
    piece.name = dv_span_of(text.at, equals);
    piece.has_value = equals < text.len;
    if (piece.has_value)
        piece.value = dv_span_slice(text, equals + 1, text.len);
    return piece;
}

static uint32_t
types_of(struct dv_span name)
{
    for (size_t i = 0; i < DV_COUNT_OF(type_rows); i++) {
        if (dv_span_equal_nocase(name, dv_span_cstr(type_rows[i].name)))
            return type_rows[i].types;
    }
    return 0;
}

static enum option
option_of(struct dv_span name)
{
    for (size_t i = 0; i < DV_COUNT_OF(option_rows); i++) {
        if (dv_span_equal_nocase(name, dv_span_cstr(option_rows[i].name)))
            return option_rows[i].option;
    }
    return UNKNOWN;
}

/* uBlock Origin's "_": an option that does nothing. */
static bool
is_filler(struct dv_span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] != '_')
            return false;
    }
    return true;
}

/* NULL, or why the option makes the line unusable. */
static const char *
apply_option(struct dv_abp_filter *filter, const struct piece *piece)
{
    const bool negated = piece->is_negated;

    switch (option_of(piece->name)) {
    case THIRD_PARTY:
        filter->party = negated ? DV_ABP_FIRST_PARTY : DV_ABP_THIRD_PARTY;
        return NULL;
    case FIRST_PARTY:
        filter->party = negated ? DV_ABP_THIRD_PARTY : DV_ABP_FIRST_PARTY;
        return NULL;
    case DOMAINS:
        filter->domains = piece->value;
        return piece->value.len == 0 || negated ? "domain without a value"
                                                : NULL;
    case CSP:
        filter->is_csp = true;
        filter->csp = dv_span_trim(piece->value);
        return filter->csp.len == 0 && !filter->is_exception
                   ? "csp without a policy" : NULL;
    case IMPORTANT:
        filter->is_important = true;
        return NULL;
    case BADFILTER:
        filter->is_badfilter = true;
        return NULL;
    case MATCH_CASE:
        filter->is_match_case = !negated;
        return NULL;
    case UNSUPPORTED:
        return "option is not supported";
    case UNKNOWN:
        break;
    }
    return is_filler(piece->name) ? NULL : "unknown option";
}

/* Types named plainly are the filter's; else all default ones but those that
 * are negated. */
static enum dv_abp_line
parse_options(struct dv_abp_filter *filter, struct dv_span line,
              struct dv_span options)
{
    uint32_t with = 0;
    uint32_t without = 0;

    while (options.len != 0) {
        const struct piece piece = take_option(&options);
        const uint32_t types = types_of(piece.name);
        const char *reason = NULL;

        if (types != 0 && piece.is_negated)
            without |= types;
        else if (types != 0)
            with |= types;
        else
            reason = apply_option(filter, &piece);
        if (reason != NULL)
            return skip(filter, line, piece.name.at, reason);
    }
    filter->has_types = with != 0 || without != 0;
    filter->types = (with != 0 ? with : (uint32_t)DV_ABP_DEFAULT) & ~without;
    if ((filter->types & ~(uint32_t)DV_ABP_POPUP) == 0)
        return skip(filter, line, line.at, "filter is for popups only");
    return DV_ABP_FILTER;
}

/* ---- Pattern ---------------------------------------------------------- */

static void
parse_pattern(struct dv_abp_filter *filter, struct dv_span text)
{
    if (text.len > 2 && text.at[0] == '/' && text.at[text.len - 1] == '/') {
        filter->is_regex = true;
        filter->pattern = dv_span_slice(text, 1, text.len - 2);
        return;
    }
    if (dv_span_starts_with(text, DV_SPAN_LIT("||"))) {
        filter->has_host = true;
        dv_span_skip(&text, 2);
    } else if (dv_span_starts_with(text, DV_SPAN_LIT("|"))) {
        filter->has_start = true;
        dv_span_skip(&text, 1);
    }
    if (text.len != 0 && text.at[text.len - 1] == '|') {
        filter->has_end = true;
        text.len--;
    }
    while (text.len != 0 && text.at[0] == '*') {
        filter->has_start = filter->has_host = false;
        filter->is_open = true;
        dv_span_skip(&text, 1);
    }
    while (text.len != 0 && text.at[text.len - 1] == '*') {
        filter->has_end = false;
        filter->is_open = true;
        text.len--;
    }
    filter->pattern = text;
}

/* `||host^`, and as in uBlock Origin also `||host` and a line that is a host
 * and nothing else: nobody means what begins or stands anywhere like it.  A
 * file name such as "miner.min.js" looks alike but ends in no domain. */
static void
recognise_host(struct dv_abp_filter *filter)
{
    struct dv_span text = filter->pattern;
    const bool is_closed = filter->has_host && text.len != 0
                           && text.at[text.len - 1] == '^';

    if (filter->has_start || filter->has_end || filter->is_regex)
        return;
    text.len -= is_closed;
    if (dv_abp_is_host(text)
        && (is_closed || (!filter->is_open && dv_url_site_exists(text)))) {
        filter->is_host = true;
        filter->pattern = text;
    }
}

static bool
has_blank(struct dv_span text)
{
    return dv_span_find_byte(text, ' ') < text.len
           || dv_span_find_byte(text, '\t') < text.len;
}

enum dv_abp_line
dv_abp_parse(struct dv_span line, struct dv_abp_filter *filter)
{
    struct dv_span text = dv_span_trim(line);
    struct dv_span options = dv_span_of(NULL, 0);
    enum dv_abp_line kind;
    size_t dollar;

    *filter = (struct dv_abp_filter){ .types = DV_ABP_DEFAULT };
    if (is_nothing(text))
        return DV_ABP_NOTHING;
    if (is_cosmetic(text))
        return DV_ABP_COSMETIC;
    if (dv_span_starts_with(text, DV_SPAN_LIT("@@"))) {
        filter->is_exception = true;
        dv_span_skip(&text, 2);
    }
    dollar = find_options(text);
    if (dollar < text.len) {
        options = dv_span_slice(text, dollar, text.len);
        text.len = dollar - 1;
    }
    kind = parse_options(filter, line, options);
    if (kind != DV_ABP_FILTER)
        return kind;
    parse_pattern(filter, text);
    if (filter->pattern.len == 0 && options.len == 0)
        return skip(filter, line, line.at, "filter without a pattern");
    if (has_blank(filter->pattern))
        return skip(filter, line, filter->pattern.at, "blank in a pattern");
    recognise_host(filter);
    return DV_ABP_FILTER;
}

bool
dv_abp_next_domain(struct dv_span *domains, struct dv_span *host,
                   bool *is_negated)
{
    while (domains->len != 0) {
        const size_t bar = dv_span_find_byte(*domains, '|');

        *host = dv_span_trim(dv_span_of(domains->at, bar));
        dv_span_skip(domains, bar < domains->len ? bar + 1 : bar);
        *is_negated = host->len != 0 && host->at[0] == '~';
        if (*is_negated)
            dv_span_skip(host, 1);
        if (host->len != 0)
            return true;
    }
    return false;
}

bool
dv_abp_is_host(struct dv_span text)
{
    bool has_dot = false;
    uint8_t before = '.';

    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];

        if (c == '.') {
            if (before == '.')
                return false;
            has_dot = true;
        } else if (!dv_ascii_is_alnum(c) && c != '-' && c != '_') {
            return false;
        }
        before = c;
    }
    return has_dot && before != '.';
}
