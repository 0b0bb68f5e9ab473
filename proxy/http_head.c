/* SPDX-License-Identifier: MIT */
/* http_head.c - reads heads: first line and fields. */

#include "proxy/http_head.h"

#include <string.h>

#include "common/fatal.h"

#define MAX_METHOD 32

static const struct {
    const char *name;
    size_t length;
    unsigned flags;
    bool is_single;
} fields[HTTP_FIELD_IDS] = {
#define ONE   true
#define LIST  false
#define HOP   HTTP_FIELD_HOP
#define OWN   HTTP_FIELD_OWN
#define FRAME HTTP_FIELD_FRAME
#define LOCAL HTTP_FIELD_LOCAL
#define HTTP_FIELD_ROW(NAME, name, count, flags) \
    [HTTP_##NAME] = { name, sizeof(name) - 1, flags, count },
#include "proxy/http_field.def"
#undef HTTP_FIELD_ROW
#undef ONE
#undef LIST
#undef HOP
#undef OWN
#undef FRAME
#undef LOCAL
};

/* ---- Text ---- */

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

struct http_text
http_text(const char *text)
{
    return (struct http_text){ text, strlen(text) };
}

bool
http_text_equal(struct http_text a, const char *b)
{
    return strlen(b) == a.length && memcmp(a.at, b, a.length) == 0;
}

static bool
is_same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

bool
http_text_equal_nocase(struct http_text a, const char *b)
{
    return strlen(b) == a.length && is_same_nocase(a.at, b, a.length);
}

bool
http_text_starts_nocase(struct http_text a, const char *b)
{
    return a.length >= strlen(b) && is_same_nocase(a.at, b, strlen(b));
}

bool
http_text_same_nocase(struct http_text a, struct http_text b)
{
    return a.length == b.length && is_same_nocase(a.at, b.at, a.length);
}

static bool
is_token_char(char c)
{
    return is_alpha(c) || is_digit(c)
           || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool
http_is_token(struct http_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!is_token_char(text.at[i]))
            return false;
    }
    return text.length > 0;
}

bool
http_is_field_value(struct http_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

struct http_text
http_trim(struct http_text text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.length--;
    }
    while (text.length > 0
           && (text.at[text.length - 1] == ' '
               || text.at[text.length - 1] == '\t'))
        text.length--;
    return text;
}

bool
http_next_member(struct http_text *list, struct http_text *member)
{
    while (list->length > 0) {
        const char *comma = memchr(list->at, ',', list->length);
        const size_t n = comma == NULL ? list->length
                                       : (size_t)(comma - list->at);

        *member = http_trim((struct http_text){ list->at, n });
        list->at += n + (comma != NULL);
        list->length -= n + (comma != NULL);
        if (member->length > 0)
            return true;
    }
    return false;
}

bool
http_read_number(struct http_text text, uint64_t max, uint64_t *number)
{
    uint64_t n = 0;

    if (text.length == 0)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        const unsigned digit = (unsigned)(text.at[i] - '0');

        if (!is_digit(text.at[i]) || n > (max - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *number = n;
    return true;
}

/* ---- Fields ---- */

enum http_field_id
http_field_id(struct http_text name)
{
    for (unsigned id = 1; id < HTTP_FIELD_IDS; id++) {
        if (fields[id].length == name.length
            && lower(fields[id].name[0]) == lower(name.at[0])
            && is_same_nocase(fields[id].name, name.at, name.length))
            return (enum http_field_id)id;
    }
    return HTTP_OTHER;
}

const char *
http_field_name(enum http_field_id id)
{
    return fields[id].name;
}

unsigned
http_field_flags(enum http_field_id id)
{
    return fields[id].flags;
}

bool
http_field_is_single(enum http_field_id id)
{
    return fields[id].is_single;
}

const struct http_field *
http_head_find(const struct http_head *head, enum http_field_id id)
{
    for (size_t i = 0; i < head->count && head->seen[id] > 0; i++) {
        if (head->fields[i].id == id)
            return &head->fields[i];
    }
    return NULL;
}

char *
http_head_copy(const struct http_head *head, enum http_field_id id)
{
    const struct http_field *field = http_head_find(head, id);

    return field == NULL ? NULL
                         : fatal_format("%.*s", (int)field->value.length,
                                        field->value.at);
}

/* ---- The end of a head ---- */

/* A bare line feed ends a line here, too: a head that has one ends early and is
 * then refused, instead of waiting for bytes that never come. */
size_t
http_head_end(const char *bytes, size_t length, size_t *scanned)
{
    size_t i = *scanned;

    if (i < 2 && length >= 2 && memcmp(bytes, "\r\n", 2) == 0)
        i = 2;                          /* an empty line in front */
    while (i < length) {
        const char *feed = memchr(bytes + i, '\n', length - i);
        size_t next;

        if (feed == NULL) {
            i = length;
            break;
        }
        next = (size_t)(feed - bytes) + 1;
        if (next < length && bytes[next] == '\n')
            return next + 1;
        if (next + 1 < length && bytes[next] == '\r'
            && bytes[next + 1] == '\n')
            return next + 2;
        i = next - 1;
        if (next + 1 >= length)
            break;                      /* what follows decides */
        i = next;
    }
    *scanned = i;
    return 0;
}

/* ---- Reading ---- */

struct reader {
    struct http_head *head;
    const char *at;
    const char *end;
};

static unsigned
refuse(struct http_head *head, unsigned status, const char *fault)
{
    head->fault = fault;
    return status;
}

/* The next line without its end, which must be CR LF. */
static bool
next_line(struct reader *r, struct http_text *line)
{
    const char *feed = memchr(r->at, '\n', (size_t)(r->end - r->at));

    if (feed == NULL || feed == r->at || feed[-1] != '\r')
        return false;
    *line = (struct http_text){ r->at, (size_t)(feed - r->at) - 1 };
    r->at = feed + 1;
    return memchr(line->at, '\r', line->length) == NULL;
}

/* One word of the request line; there is one space between words (9112, 3). */
static struct http_text
next_word(struct http_text *line)
{
    const char *space = memchr(line->at, ' ', line->length);
    const size_t n = space == NULL ? line->length
                                   : (size_t)(space - line->at);
    const struct http_text word = { line->at, n };

    line->at += n + (space != NULL);
    line->length -= n + (space != NULL);
    return word;
}

static bool
is_target(struct http_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char c = (unsigned char)text.at[i];

        if (c <= ' ' || c == 0x7f)
            return false;
    }
    return text.length > 0;
}

static unsigned
read_version(struct http_head *head, struct http_text word)
{
    if (word.length != 8 || memcmp(word.at, "HTTP/", 5) != 0
        || !is_digit(word.at[5]) || word.at[6] != '.'
        || !is_digit(word.at[7]))
        return refuse(head, 400, "the request line is no HTTP/1 line");
    if (word.at[5] != '1' || word.at[7] > '1')
        return refuse(head, 505, "the version is neither HTTP/1.0 nor "
                                 "HTTP/1.1");
    head->minor = (unsigned)(word.at[7] - '0');
    return 0;
}

static unsigned
read_request_line(struct http_head *head, struct http_text line)
{
    head->method = next_word(&line);
    head->target = next_word(&line);
    if (!http_is_token(head->method) || head->method.length > MAX_METHOD)
        return refuse(head, 400, "the method is no token");
    if (!is_target(head->target))
        return refuse(head, 400, "the request target has spaces or control "
                                 "characters");
    return read_version(head, line);
}

static unsigned
read_field(struct http_head *head, struct http_text line)
{
    const char *colon = memchr(line.at, ':', line.length);
    struct http_field *field;
    size_t n;

    if (line.at[0] == ' ' || line.at[0] == '\t')
        return refuse(head, 400, "a header line is folded or begins with "
                                 "white space");
    if (colon == NULL)
        return refuse(head, 400, "a header line has no colon");
    if (head->count == HTTP_MAX_FIELDS)
        return refuse(head, 431, "too many header fields");
    n = (size_t)(colon - line.at);
    field = &head->fields[head->count];
    field->name = (struct http_text){ line.at, n };
    field->value = http_trim(
        (struct http_text){ colon + 1, line.length - n - 1 });
    if (!http_is_token(field->name))
        return refuse(head, 400, "the name of a header field is no token");
    if (!http_is_field_value(field->value))
        return refuse(head, 400, "a header field has control characters");
    field->id = http_field_id(field->name);
    if (field->id != HTTP_OTHER && ++head->seen[field->id] > 1
        && http_field_is_single(field->id))
        return refuse(head, 400, "a header field that may stand once stands "
                                 "twice");
    head->count++;
    return 0;
}

static void
begin(struct http_head *head, size_t length)
{
    head->count = 0;
    head->length = length;
    head->fault = NULL;
    memset(head->seen, 0, sizeof(head->seen));
}

unsigned
http_head_read(struct http_head *head, const char *bytes, size_t length)
{
    struct reader r = { head, bytes, bytes + length };
    struct http_text line;
    unsigned status;

    begin(head, length);
    if (length >= 2 && memcmp(bytes, "\r\n", 2) == 0)
        r.at += 2;                      /* 9112, 2.2: one may be there */
    if (!next_line(&r, &line))
        return refuse(head, 400, "a line does not end with CR LF");
    status = read_request_line(head, line);
    while (status == 0) {
        if (!next_line(&r, &line))
            return refuse(head, 400, "a line does not end with CR LF");
        if (line.length == 0)
            return 0;
        status = read_field(head, line);
    }
    return status;
}

/* ---- Answers ---- */

static bool
read_status_line(struct http_head *head, struct http_text line)
{
    uint64_t status;

    if (line.length < 12 || memcmp(line.at, "HTTP/1.", 7) != 0
        || line.at[8] != ' ')
        return false;
    head->minor = line.at[7] == '0' ? 0 : 1;
    if (!http_read_number((struct http_text){ line.at + 9, 3 }, 999, &status)
        || status < 100)
        return false;
    head->status = (unsigned)status;
    head->reason = http_trim(
        (struct http_text){ line.at + 12, line.length - 12 });
    return true;
}

static void
replace_controls(char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)bytes[i];

        if ((c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            bytes[i] = ' ';
    }
}

/* Without Transfer-Encoding the length must be one number (9112, 6.3): nobody
 * else may read another end of the body than we do. */
static bool
has_bad_length(const struct http_head *head)
{
    const struct http_field *field = http_head_find(head,
                                                    HTTP_CONTENT_LENGTH);
    struct http_text members, member;
    uint64_t first = 0, number;
    size_t count = 0;

    if (field == NULL || head->seen[HTTP_TRANSFER_ENCODING] > 0)
        return false;
    members = field->value;
    while (http_next_member(&members, &member)) {
        if (!http_read_number(member, INT64_MAX, &number)
            || (count > 0 && number != first))
            return true;
        first = number;
        count++;
    }
    return count == 0;
}

/* A second Content-Length is the same one, or the answer has two ends.  The
 * field that was refused lies behind the last. */
static bool
is_other_length(const struct http_head *head)
{
    const struct http_field *again = &head->fields[head->count];
    const struct http_field *first = http_head_find(head,
                                                    HTTP_CONTENT_LENGTH);

    return again->id == HTTP_CONTENT_LENGTH
           && head->seen[HTTP_TRANSFER_ENCODING] == 0 && first != NULL
           && !http_text_same_nocase(again->value, first->value);
}

static unsigned
read_reply_field(struct http_head *head, struct http_text line)
{
    unsigned status;

    if (head->count == HTTP_MAX_FIELDS)
        return refuse(head, 502, "the answer has too many header fields");
    head->fields[head->count].id = HTTP_OTHER;
    status = read_field(head, line);
    if (status != 0 && is_other_length(head))
        return refuse(head, 502, "the answer has two lengths");
    return 0;                           /* what is malformed is left out */
}

bool
http_head_read_reply(struct http_head *head, char *bytes, size_t length)
{
    struct reader r = { head, bytes, bytes + length };
    struct http_text line;

    begin(head, length);
    replace_controls(bytes, length);
    if (!next_line(&r, &line) || !read_status_line(head, line)) {
        head->fault = "the answer does not begin with an HTTP/1 line";
        return false;
    }
    while (next_line(&r, &line) && line.length > 0) {
        if (read_reply_field(head, line) != 0)
            return false;
    }
    head->fault = NULL;
    if (has_bad_length(head))
        head->fault = "the answer's Content-Length is no number";
    return head->fault == NULL;
}
