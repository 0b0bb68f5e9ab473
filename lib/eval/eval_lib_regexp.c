/* SPDX-License-Identifier: MIT */
/* eval_lib_regexp.c - RegExp, and methods of String that take one (ECMA-262,
 * 22.2, 22.1.3).  PCRE2 matches, in its JavaScript-compatible settings and
 * under limits; what it cannot compile is unknown. */

#define PCRE2_CODE_UNIT_WIDTH 16

#include <pcre2.h>

#include "eval/eval_lib.h"

#define MATCH_LIMIT 100000u     /* tries of one match */
#define DEPTH_LIMIT 2000u
#define HEAP_LIMIT  4096u       /* KiB of one match */
#define MAX_GROUPS  100u
#define MAX_PATTERN 16384u

struct regexp {
    struct regexp *next;        /* all of the run's */
    pcre2_code *code;           /* NULL: not understood */
    struct dv_text *source, *flags;
    bool is_global, is_sticky, is_unicode;
};

/* What is used again within a run. */
struct regexps {
    struct regexp *all;
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
    struct dv_object *known;    /* by "flags/source" */
    const struct dv_text *text; /* whose units these are */
    uint16_t *units;
};

bool
dv_eval_regexps_new(struct dv_eval *run)
{
    struct regexps *r = dv_mem_calloc(run->mem, 1, sizeof(*r));

    run->regexps = r;
    if (r == NULL)
        return false;
    r->compile = pcre2_compile_context_create(NULL);
    r->match = pcre2_match_context_create(NULL);
    r->data = pcre2_match_data_create(MAX_GROUPS, NULL);
    if (r->compile == NULL || r->match == NULL || r->data == NULL)
        return false;
    (void)pcre2_set_newline(r->compile, PCRE2_NEWLINE_ANYCRLF);
    (void)pcre2_set_compile_extra_options(
        r->compile, PCRE2_EXTRA_ALT_BSUX | PCRE2_EXTRA_BAD_ESCAPE_IS_LITERAL);
    (void)pcre2_set_parens_nest_limit(r->compile, 200);
    (void)pcre2_set_match_limit(r->match, MATCH_LIMIT);
    (void)pcre2_set_depth_limit(r->match, DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(r->match, HEAP_LIMIT);
    return true;
}

/* Forget the run's expressions; their headers lie in its heap. */
void
dv_eval_regexps_clear(struct dv_eval *run)
{
    struct regexps *r = run->regexps;

    for (struct regexp *re = r->all; re != NULL; re = re->next)
        pcre2_code_free(re->code);
    r->all = NULL;
    r->known = NULL;
    r->text = NULL;
}

void
dv_eval_regexps_free(struct dv_eval *run)
{
    struct regexps *r = run->regexps;

    if (r == NULL)
        return;
    dv_eval_regexps_clear(run);
    pcre2_compile_context_free(r->compile);
    pcre2_match_context_free(r->match);
    pcre2_match_data_free(r->data);
    dv_mem_free(run->mem, r, sizeof(*r));
    run->regexps = NULL;
}

/* ---- Making ---- */

static const uint16_t *
units_of(struct dv_eval *run, struct dv_text *text)
{
    struct regexps *r = run->regexps;

    if (r->text == text)
        return r->units;
    if (!dv_eval_has(run, dv_text_flat(&run->heap, text) ? text : NULL)
        || !dv_eval_step(run, text->length / 16))
        return NULL;
    if (text->form == DV_TEXT_WIDE)
        return text->wide;
    r->units = dv_heap_alloc(&run->heap,
                             ((size_t)text->length + 1) * sizeof(*r->units));
    if (!dv_eval_has(run, r->units))
        return NULL;
    for (uint32_t i = 0; i < text->length; i++)
        r->units[i] = text->latin[i];
    r->text = text;
    return r->units;
}

static bool
read_flags(const struct dv_text *flags, struct regexp *re, uint32_t *options)
{
    *options = PCRE2_MATCH_UNSET_BACKREF | PCRE2_ALLOW_EMPTY_CLASS
               | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY | PCRE2_DUPNAMES;
    for (uint32_t i = 0; i < flags->length; i++) {
        switch (dv_text_unit(flags, i)) {
        case 'i':
            *options |= PCRE2_CASELESS;
            break;
        case 'm':
            *options |= PCRE2_MULTILINE;
            break;
        case 's':
            *options |= PCRE2_DOTALL;
            break;
        case 'u':
        case 'v':
            *options |= PCRE2_UTF;
            re->is_unicode = true;
            break;
        case 'g':
            re->is_global = true;
            break;
        case 'y':
            re->is_sticky = true;
            break;
        case 'd':
            break;
        default:
            return false;
        }
    }
    return true;
}

static struct regexp *
compile(struct dv_eval *run, struct dv_text *source, struct dv_text *flags)
{
    struct regexps *r = run->regexps;
    struct regexp *re = dv_heap_alloc(&run->heap, sizeof(*re));
    const uint16_t *units = units_of(run, source);
    uint32_t options;
    PCRE2_SIZE at;
    int error;

    if (!dv_eval_has(run, re) || units == NULL
        || !dv_eval_step(run, 64 + source->length))
        return NULL;
    re->source = source->length > 0 ? source
                                    : dv_text_of_cstr(&run->heap, "(?:)");
    re->flags = flags;
    if (!read_flags(flags, re, &options)) {
        (void)dv_eval_throw_error(run, run->syntax_error_proto,
                                  "Invalid regular expression flags");
        return NULL;
    }
    if (source->length <= MAX_PATTERN)
        re->code = pcre2_compile((PCRE2_SPTR)units, source->length, options,
                                 &error, &at, r->compile);
    re->next = r->all;
    r->all = re;
    return re;
}

struct dv_value
dv_eval_regexp(struct dv_eval *run, struct dv_text *source,
               struct dv_text *flags)
{
    struct regexps *r = run->regexps;
    struct dv_object *object = dv_object_new(&run->heap, DV_C_REGEXP,
                                             run->regexp_proto);
    struct dv_text *name = NULL;
    struct dv_property *kept;

    if (r->known == NULL)
        r->known = dv_object_new(&run->heap, DV_C_OBJECT, NULL);
    if (source != NULL && flags != NULL)
        name = dv_text_join(&run->heap,
                            dv_text_join(&run->heap, flags,
                                         run->heap.latin['/']),
                            source);
    name = name == NULL ? NULL : dv_text_key(&run->heap, name);
    if (!dv_eval_has(run, object) || !dv_eval_has(run, r->known)
        || !dv_eval_has(run, name) || !dv_text_flat(&run->heap, flags)
        || !dv_text_flat(&run->heap, source))
        return dv_value_undefined();
    kept = dv_object_make(&run->heap, r->known, name);
    if (!dv_eval_has(run, kept))
        return dv_value_undefined();
    if (kept->value.tag != DV_V_OBJECT) {
        struct dv_object *holder = dv_object_new(&run->heap, DV_C_HOST, NULL);

        if (!dv_eval_has(run, holder))
            return dv_value_undefined();
        holder->data = compile(run, source, flags);
        if (holder->data == NULL)
            return dv_value_undefined();
        kept->value = dv_value_object(holder);
    }
    object->data = kept->value.object->data;
    (void)dv_object_put(&run->heap, object, run->key_last_index,
                        dv_value_number(0), DV_PROP_WRITABLE);
    return dv_value_object(object);
}

static struct regexp *
this_regexp(struct dv_value self)
{
    return dv_value_is_class(self, DV_C_REGEXP) ? self.object->data : NULL;
}

FN(regexp_construct)
{
    struct dv_text *source = run->heap.empty, *flags = run->heap.empty;
    const struct regexp *re = this_regexp(ARG(0));

    UNUSED_SELF;
    if (re != NULL) {
        source = re->source;
        flags = re->flags;
    } else if (ARG(0).tag != DV_V_UNDEFINED
               && !dv_eval_flat(run, ARG(0), &source)) {
        return dv_unknown();
    }
    if (ARG(1).tag != DV_V_UNDEFINED && !dv_eval_flat(run, ARG(1), &flags))
        return dv_unknown();
    return dv_eval_regexp(run, source, flags);
}

/* ---- Matching ---- */

enum found { FOUND, NOT_FOUND, UNKNOWN };

/* From `at` on.  The places are in the match data. */
static enum found
match(struct dv_eval *run, const struct regexp *re, struct dv_text *text,
      size_t at, size_t *from, size_t *to)
{
    struct regexps *r = run->regexps;
    const uint16_t *units = units_of(run, text);
    const PCRE2_SIZE *places;
    int count;

    if (units == NULL || re->code == NULL || at > text->length)
        return re->code == NULL ? UNKNOWN : NOT_FOUND;
    count = pcre2_match(re->code, (PCRE2_SPTR)units, text->length, at,
                        re->is_sticky ? PCRE2_ANCHORED : 0, r->data,
                        r->match);
    places = pcre2_get_ovector_pointer(r->data);
    if (!dv_eval_step(run, 16 + (count == PCRE2_ERROR_MATCHLIMIT
                                     ? MATCH_LIMIT
                                     : (text->length - at) / 32)))
        return UNKNOWN;
    if (count == PCRE2_ERROR_NOMATCH)
        return NOT_FOUND;
    if (count < 0 || places[0] > places[1])
        return UNKNOWN;
    *from = places[0];
    *to = places[1];
    return FOUND;
}

/* Group `i` of the last match; undefined when it took no part. */
static struct dv_value
group(struct dv_eval *run, const struct regexp *re, struct dv_text *text,
      uint32_t i)
{
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(
        ((struct regexps *)run->regexps)->data);
    const uint32_t count = pcre2_get_ovector_count(
        ((struct regexps *)run->regexps)->data);

    (void)re;
    if (i >= count || places[2 * i] == PCRE2_UNSET
        || places[2 * i] > places[2 * i + 1])
        return dv_value_undefined();
    return dv_eval_text(run, dv_text_part(&run->heap, text, places[2 * i],
                                          places[2 * i + 1]));
}

static uint32_t
group_count(const struct regexp *re)
{
    uint32_t count = 0;

    (void)pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count < MAX_GROUPS ? count : MAX_GROUPS - 1;
}

static struct dv_value
named_groups(struct dv_eval *run, const struct regexp *re,
             struct dv_text *text)
{
    struct dv_object *groups;
    uint32_t count = 0, size = 0;
    PCRE2_SPTR table = NULL;

    (void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &count);
    if (count == 0)
        return dv_value_undefined();
    (void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    (void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &table);
    groups = dv_object_new(&run->heap, DV_C_OBJECT, NULL);
    for (uint32_t i = 0; groups != NULL && i < count; i++, table += size) {
        size_t n = 0;
        struct dv_text *name;

        while (n + 1 < size && table[1 + n] != 0)
            n++;
        name = dv_text_of_units(&run->heap, (const uint16_t *)table + 1, n);
        name = name == NULL ? NULL : dv_text_key(&run->heap, name);
        if (!dv_eval_has(run, name)
            || !dv_eval_put(run, groups, name,
                            group(run, re, text, table[0])))
            return dv_value_undefined();
    }
    return dv_eval_object(run, groups);
}

/* The array that exec answers with. */
static struct dv_value
result_of(struct dv_eval *run, const struct regexp *re, struct dv_text *text,
          size_t from)
{
    struct dv_object *list = dv_eval_array(run);
    const uint32_t count = group_count(re);

    for (uint32_t i = 0; list != NULL && i <= count; i++) {
        if (!dv_object_push(&run->heap, list, group(run, re, text, i)))
            return dv_eval_object(run, NULL);
    }
    if (list == NULL
        || !dv_eval_put(run, list, run->key_index,
                        dv_value_number((double)from))
        || !dv_eval_put(run, list, run->key_input, dv_value_text(text))
        || !dv_eval_put(run, list, run->key_groups,
                        named_groups(run, re, text)))
        return dv_value_undefined();
    return dv_value_object(list);
}

/* exec, with lastIndex; `is_test`: whether, only. */
static struct dv_value
execute(struct dv_eval *run, struct dv_value self, struct dv_text *text,
        bool is_test)
{
    const struct regexp *re = self.object->data;
    const bool keeps = re->is_global || re->is_sticky;
    struct dv_property *last = dv_object_find(self.object,
                                              run->key_last_index);
    size_t at = 0, from, to;
    double number;

    if (keeps && last != NULL && dv_eval_number(run, last->value, &number)
        && number > 0)
        at = number > text->length ? (size_t)text->length + 1
                                   : (size_t)number;
    switch (match(run, re, text, at, &from, &to)) {
    case FOUND:
        if (keeps && last != NULL)
            last->value = dv_value_number((double)to);
        return is_test ? dv_value_boolean(true)
                       : result_of(run, re, text, from);
    case NOT_FOUND:
        if (keeps && last != NULL)
            last->value = dv_value_number(0);
        return is_test ? dv_value_boolean(false) : dv_value_null();
    default:
        return dv_unknown();
    }
}

FN(regexp_exec)
{
    struct dv_text *text;

    if (this_regexp(self) == NULL || !dv_eval_flat(run, ARG(0), &text))
        return dv_unknown();
    return execute(run, self, text, false);
}

FN(regexp_test)
{
    struct dv_text *text;

    if (this_regexp(self) == NULL || !dv_eval_flat(run, ARG(0), &text))
        return dv_unknown();
    return execute(run, self, text, true);
}

FN(regexp_to_string)
{
    const struct regexp *re = this_regexp(self);
    struct dv_text *text;

    UNUSED_ARGS;
    if (re == NULL)
        return dv_unknown();
    text = dv_text_join(&run->heap, run->heap.latin['/'], re->source);
    text = text == NULL ? NULL
                        : dv_text_join(&run->heap, text,
                                       run->heap.latin['/']);
    return dv_eval_text(run, text == NULL ? NULL
                                          : dv_text_join(&run->heap, text,
                                                         re->flags));
}

FN(regexp_source)
{
    const struct regexp *re = this_regexp(self);

    UNUSED_ARGS;
    return re == NULL ? dv_unknown() : dv_value_text(re->source);
}

FN(regexp_flags)
{
    const struct regexp *re = this_regexp(self);

    UNUSED_ARGS;
    return re == NULL ? dv_unknown() : dv_value_text(re->flags);
}

FN(regexp_global)
{
    const struct regexp *re = this_regexp(self);

    UNUSED_ARGS;
    return re == NULL ? dv_unknown() : dv_value_boolean(re->is_global);
}

/* ---- Methods of String ---- */

/* Empty matches go on one unit further. */
static size_t
next_place(size_t from, size_t to)
{
    return to > from ? to : to + 1;
}

static bool
this_text(struct dv_eval *run, struct dv_value self, struct dv_text **text)
{
    return !dv_is_unknown(self) && dv_eval_flat(run, self, text);
}

FN(string_match)
{
    struct dv_value re = ARG(0);
    struct dv_object *list;
    struct dv_text *text;
    size_t at = 0, from, to;
    enum found found;

    if (!this_text(run, self, &text) || dv_is_unknown(re))
        return dv_unknown();
    if (this_regexp(re) == NULL)
        re = regexp_construct(run, re, args, count > 0 ? 1 : 0);
    if (run->flow != DV_FLOW_NORMAL || this_regexp(re) == NULL)
        return dv_unknown();
    if (!this_regexp(re)->is_global)
        return execute(run, re, text, false);
    list = dv_eval_array(run);
    while (list != NULL
           && (found = match(run, this_regexp(re), text, at, &from, &to))
                  != NOT_FOUND) {
        if (found == UNKNOWN)
            return dv_unknown();
        if (!dv_object_push(&run->heap, list,
                            dv_eval_text(run, dv_text_part(&run->heap, text,
                                                           from, to))))
            return dv_eval_object(run, NULL);
        at = next_place(from, to);
    }
    return list != NULL && list->length == 0 ? dv_value_null()
                                             : dv_eval_object(run, list);
}

FN(string_match_all)
{
    struct dv_object *list = dv_eval_array(run);
    const struct regexp *re = this_regexp(ARG(0));
    struct dv_text *text;
    size_t at = 0, from, to;

    if (re == NULL || list == NULL || !this_text(run, self, &text))
        return dv_unknown();
    while (match(run, re, text, at, &from, &to) == FOUND) {
        if (!dv_object_push(&run->heap, list,
                            result_of(run, re, text, from)))
            return dv_eval_object(run, NULL);
        at = next_place(from, to);
    }
    return dv_eval_list_iterator(run, list);
}

FN(string_search)
{
    struct dv_value re = ARG(0);
    struct dv_text *text;
    size_t from, to;

    if (!this_text(run, self, &text) || dv_is_unknown(re))
        return dv_unknown();
    if (this_regexp(re) == NULL)
        re = regexp_construct(run, re, args, count > 0 ? 1 : 0);
    if (run->flow != DV_FLOW_NORMAL || this_regexp(re) == NULL)
        return dv_unknown();
    switch (match(run, this_regexp(re), text, 0, &from, &to)) {
    case FOUND:
        return dv_value_number((double)from);
    case NOT_FOUND:
        return dv_value_number(-1);
    default:
        return dv_unknown();
    }
}

/* What stands for one match. */
struct replacing {
    const struct regexp *re;    /* NULL: a text was looked for */
    struct dv_text *text, *all;
    struct dv_value by;
    struct dv_text *template;   /* NULL: `by` is a function */
    size_t done;                /* up to here the text is in `all` */
};

static bool
append(struct dv_eval *run, struct replacing *r, struct dv_text *piece)
{
    r->all = piece == NULL || r->all == NULL
                 ? NULL
                 : dv_text_join(&run->heap, r->all, piece);
    return dv_eval_has(run, r->all);
}

static bool
append_part(struct dv_eval *run, struct replacing *r, size_t from, size_t to)
{
    return append(run, r, dv_text_part(&run->heap, r->text, from, to));
}

/* 22.1.3.19.1 GetSubstitution. */
static bool
append_template(struct dv_eval *run, struct replacing *r, size_t from,
                size_t to)
{
    struct dv_text *t = r->template;
    uint32_t start = 0, i = 0;

    while (i + 1 < t->length) {
        const unsigned c = dv_text_unit(t, i + 1);
        unsigned number = 0;
        uint32_t n = 2;

        if (dv_text_unit(t, i) != '$'
            || !(c == '$' || c == '&' || c == '`' || c == '\''
                 || (c >= '0' && c <= '9'))) {
            i++;
            continue;
        }
        if (!append(run, r, dv_text_part(&run->heap, t, start, i)))
            return false;
        if (c >= '0' && c <= '9') {
            number = c - '0';
            if (i + 2 < t->length && dv_text_unit(t, i + 2) >= '0'
                && dv_text_unit(t, i + 2) <= '9' && r->re != NULL
                && number * 10 + dv_text_unit(t, i + 2) - '0'
                       <= group_count(r->re)) {
                number = number * 10 + dv_text_unit(t, i + 2) - '0';
                n = 3;
            }
        }
        if (c == '$') {
            (void)append(run, r, run->heap.latin['$']);
        } else if (c == '&') {
            (void)append_part(run, r, from, to);
        } else if (c == '`') {
            (void)append_part(run, r, 0, from);
        } else if (c == '\'') {
            (void)append_part(run, r, to, r->text->length);
        } else if (r->re != NULL && number > 0
                   && number <= group_count(r->re)) {
            const struct dv_value v = group(run, r->re, r->text, number);

            if (v.tag == DV_V_STRING)
                (void)append(run, r, v.text);
        } else {
            (void)append(run, r, dv_text_part(&run->heap, t, i, i + n));
        }
        i += n;
        start = i;
    }
    return append(run, r, dv_text_part(&run->heap, t, start, t->length));
}

static bool
append_called(struct dv_eval *run, struct replacing *r, size_t from,
              size_t to)
{
    struct dv_value words[12];
    size_t n = 0;
    const uint32_t groups = r->re == NULL ? 0 : group_count(r->re);
    struct dv_text *text;
    struct dv_value v;

    words[n++] = dv_eval_text(run, dv_text_part(&run->heap, r->text, from,
                                                to));
    for (uint32_t i = 1; i <= groups && n < DV_COUNT_OF(words) - 2; i++)
        words[n++] = group(run, r->re, r->text, i);
    words[n++] = dv_value_number((double)from);
    words[n++] = dv_value_text(r->text);
    v = dv_eval_call(run, r->by, dv_value_undefined(), words, n);
    if (run->flow != DV_FLOW_NORMAL)
        return false;
    if (dv_is_unknown(v))
        return append(run, r, run->heap.latin['?']);
    return dv_eval_to_text(run, v, &text) && append(run, r, text);
}

static bool
replace_one(struct dv_eval *run, struct replacing *r, size_t from, size_t to)
{
    if (!append_part(run, r, r->done, from))
        return false;
    r->done = to;
    return r->template != NULL ? append_template(run, r, from, to)
                               : append_called(run, r, from, to);
}

static struct dv_value
replace(struct dv_eval *run, struct dv_value self,
        const struct dv_value *args, size_t count, bool is_all)
{
    struct replacing r = { .re = this_regexp(ARG(0)),
                           .all = run->heap.empty,
                           .by = ARG(1) };
    struct dv_text *wanted = NULL;
    size_t at = 0, from, to;

    if (!this_text(run, self, &r.text) || dv_is_unknown(ARG(0))
        || dv_is_unknown(ARG(1))
        || (r.re == NULL && !dv_eval_flat(run, ARG(0), &wanted))
        || (!dv_value_is_callable(ARG(1))
            && !dv_eval_flat(run, ARG(1), &r.template)))
        return dv_unknown();
    if (r.re != NULL)
        is_all = r.re->is_global;
    for (;;) {
        if (r.re != NULL) {
            const enum found found = match(run, r.re, r.text, at, &from, &to);

            if (found == UNKNOWN)
                return dv_unknown();
            if (found == NOT_FOUND)
                break;
        } else {
            from = at > r.text->length
                       ? SIZE_MAX
                       : dv_text_find(&run->heap, r.text, wanted, at);
            if (from == SIZE_MAX)
                break;
            to = from + wanted->length;
        }
        if (!replace_one(run, &r, from, to))
            return run->flow == DV_FLOW_NORMAL ? dv_unknown()
                                               : dv_value_undefined();
        at = next_place(from, to);
        if (!is_all || !dv_eval_step(run, 1))
            break;
    }
    if (!append_part(run, &r, r.done, r.text->length))
        return dv_value_undefined();
    return dv_value_text(r.all);
}

FN(string_replace)
{
    return replace(run, self, args, count, false);
}

FN(string_replace_all)
{
    return replace(run, self, args, count, true);
}

static bool
push_part(struct dv_eval *run, struct dv_object *list, struct dv_text *text,
          size_t from, size_t to)
{
    return dv_eval_has(run,
                       dv_object_push(&run->heap, list,
                                      dv_eval_text(run,
                                                   dv_text_part(&run->heap,
                                                                text, from,
                                                                to)))
                           ? list
                           : NULL);
}

static struct dv_value
split_by_regexp(struct dv_eval *run, const struct regexp *re,
                struct dv_text *text, uint32_t limit)
{
    struct dv_object *list = dv_eval_array(run);
    size_t done = 0, at = 0, from, to;

    while (list != NULL && at < text->length && list->length < limit) {
        const enum found found = match(run, re, text, at, &from, &to);

        if (found == UNKNOWN)
            return dv_unknown();
        if (found == NOT_FOUND || from >= text->length)
            break;
        if (to == done) {               /* nothing, where the piece begins */
            at++;
            continue;
        }
        if (!push_part(run, list, text, done, from))
            return dv_value_undefined();
        for (uint32_t i = 1; i <= group_count(re); i++) {
            if (!dv_object_push(&run->heap, list, group(run, re, text, i)))
                return dv_eval_object(run, NULL);
        }
        done = at = to;
    }
    if (list != NULL && list->length < limit)
        (void)push_part(run, list, text, done, text->length);
    return dv_eval_object(run, list);
}

FN(string_split)
{
    const struct regexp *re = this_regexp(ARG(0));
    struct dv_object *list;
    struct dv_text *text, *between;
    double number = UINT32_MAX;
    uint32_t limit;
    size_t done = 0, at;

    if (!this_text(run, self, &text) || dv_is_unknown(ARG(0))
        || !dv_eval_integer(run, ARG(1), UINT32_MAX, &number))
        return dv_unknown();
    limit = number < 0 || number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    if (re != NULL && text->length > 0)
        return split_by_regexp(run, re, text, limit);
    list = dv_eval_array(run);
    if (list == NULL)
        return dv_value_undefined();
    if (ARG(0).tag == DV_V_UNDEFINED || (re != NULL && text->length == 0)) {
        (void)push_part(run, list, text, 0, text->length);
        return dv_value_object(list);
    }
    if (!dv_eval_flat(run, ARG(0), &between))
        return dv_unknown();
    if (between->length == 0) {
        for (uint32_t i = 0; i < text->length && list->length < limit
                             && dv_eval_step(run, 1);
             i++) {
            if (!push_part(run, list, text, i, i + 1))
                break;
        }
        return dv_value_object(list);
    }
    while (list->length < limit && dv_eval_step(run, 1)
           && (at = dv_text_find(&run->heap, text, between, done))
                  != SIZE_MAX) {
        if (!push_part(run, list, text, done, at))
            return dv_value_undefined();
        done = at + between->length;
    }
    if (list->length < limit)
        (void)push_part(run, list, text, done, text->length);
    return dv_value_object(list);
}

bool
dv_eval_world_regexp(struct dv_eval *run)
{
    static const struct dv_native_row methods[] = {
        { "exec", regexp_exec, 1 },
        { "test", regexp_test, 1 },
        { "toString", regexp_to_string, 0 },
    };
    static const struct dv_native_row getters[] = {
        { "source", regexp_source, 0 },
        { "flags", regexp_flags, 0 },
        { "global", regexp_global, 0 },
    };
    static const struct dv_native_row strings[] = {
        { "match", string_match, 1 },
        { "matchAll", string_match_all, 1 },
        { "search", string_search, 1 },
        { "replace", string_replace, 2 },
        { "replaceAll", string_replace_all, 2 },
        { "split", string_split, 2 },
    };

    for (size_t i = 0; i < DV_COUNT_OF(getters); i++) {
        struct dv_object *getter = dv_eval_native(run, getters[i].name,
                                                  getters[i].fn, 0);

        if (getter == NULL)
            return false;
        dv_eval_define_accessor(run, run->regexp_proto,
                                dv_text_key_of_cstr(&run->heap,
                                                    getters[i].name),
                                getter, true);
    }
    return dv_eval_add_class(run, "RegExp", regexp_construct,
                             regexp_construct, run->regexp_proto)
               != NULL
           && dv_eval_add_natives(run, run->regexp_proto, methods,
                                  DV_COUNT_OF(methods))
           && dv_eval_add_natives(run, run->string_proto, strings,
                                  DV_COUNT_OF(strings));
}
