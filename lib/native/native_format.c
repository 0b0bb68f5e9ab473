/* SPDX-License-Identifier: MIT */
/* native_format.c - tells programs, scripts and archives by their first
 * bytes: ELF (System V gABI, 4), PE (Microsoft PE format, "MS-DOS stub"),
 * Mach-O (loader.h, fat.h), zip (APPNOTE 4.3), tar (POSIX.1 ustar), ar, gzip
 * (RFC 1952). */

#include "native/native_format.h"

#include "base/ascii.h"
#include "base/compiler.h"
#include "native/native_inflate.h"
#include "native/native_tar.h"

/* Where a program for Windows says where its header is; the headers of real
 * ones begin a few hundred bytes behind the one for DOS. */
#define PE_POINTER    ((size_t)0x3c)
#define MAX_PE_HEADER ((uint32_t)1 << 20)

/* A fat Mach-O has a few architectures; what stands in the same place of a Java
 * class is its version, which was never below 45. */
#define MAX_ARCHITECTURES 30

/* Compressed files inside of each other that are looked into. */
#define MAX_GZIP 6

/* The first line of a script that matters. */
#define MAX_LINE ((size_t)128)

static const struct {
    const char *type;
    enum dv_native_class class;
} formats[] = {
#define DV_NATIVE_FORMAT(NAME, type, CLASS) { type, DV_NATIVE_CLASS_##CLASS },
#include "native/native_format.def"
#undef DV_NATIVE_FORMAT
};

static const char *const script_names[] = {
#define DV_NATIVE_NAME(suffix) suffix,
#include "native/native_format.def"
#undef DV_NATIVE_NAME
};

static const char *const openings[] = {
#define DV_NATIVE_OPENING(text) text,
#include "native/native_format.def"
#undef DV_NATIVE_OPENING
};

/* Programs whose scripts are judged elsewhere. */
static const char *const other_runners[] = { "node", "deno", "bun", "php" };

enum dv_native_class
dv_native_class_of(enum dv_native_format format)
{
    return formats[format].class;
}

const char *
dv_native_type(enum dv_native_format format)
{
    return formats[format].type;
}

struct dv_span
dv_native_base_name(struct dv_span path)
{
    size_t at = path.len;

    while (at > 0 && path.at[at - 1] != '/' && path.at[at - 1] != '\\')
        at--;
    dv_span_skip(&path, at);
    return path;
}

/* ---- Programs --------------------------------------------------------- */

static uint32_t
load_le32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16
           | (uint32_t)at[3] << 24;
}

static uint32_t
load_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16
           | (uint32_t)at[2] << 8 | at[3];
}

/* The header may lie behind what is known: then the pointer must do. */
static bool
is_pe(struct dv_span head)
{
    uint32_t at;

    if (!dv_span_starts_with(head, DV_SPAN_LIT("MZ"))
        || head.len < PE_POINTER + 4)
        return false;
    at = load_le32(head.at + PE_POINTER);
    if (at < PE_POINTER || at > MAX_PE_HEADER)
        return false;
    return head.len < DV_NATIVE_HEAD || at > head.len - 4
           || memcmp(head.at + at, "PE\0\0", 4) == 0;
}

static bool
is_macho(struct dv_span head)
{
    uint32_t magic;

    if (head.len < 8)
        return false;
    magic = load_be32(head.at);
    if (magic == 0xcafebabe || magic == 0xcafebabf)
        return load_be32(head.at + 4) - 1 < MAX_ARCHITECTURES;
    return magic == 0xfeedface || magic == 0xfeedfacf || magic == 0xcefaedfe
           || magic == 0xcffaedfe;
}

/* ---- Archives --------------------------------------------------------- */

static bool
is_zip(struct dv_span head)
{
    return dv_span_starts_with(head, DV_SPAN_LIT("PK\3\4"))
           || dv_span_starts_with(head, DV_SPAN_LIT("PK00PK\3\4"))
           || dv_span_starts_with(head, DV_SPAN_LIT("PK\7\10PK\3\4"));
}

static bool
is_gzip(struct dv_span head)
{
    return dv_span_starts_with(head, DV_SPAN_LIT("\x1f\x8b\x08"));
}

/* ---- Text ------------------------------------------------------------- */

/* Bytes that no text has (WHATWG MIME Sniffing 3). */
static bool
is_text(struct dv_span head)
{
    for (size_t i = 0; i < head.len; i++) {
        const uint8_t c = head.at[i];

        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f'
            && c != 0x1b)
            return false;
    }
    return true;
}

/* Windows writes scripts in UTF-16, too. */
static bool
is_wide_text(struct dv_span head)
{
    return dv_span_starts_with(head, DV_SPAN_LIT("\xff\xfe"))
           && head.len > 3 && head.at[2] != 0 && head.at[3] == 0;
}

static struct dv_span
first_line(struct dv_span text)
{
    if (dv_span_starts_with(text, DV_SPAN_LIT("\xef\xbb\xbf")))
        dv_span_skip(&text, 3);
    while (text.len > 0 && dv_ascii_is_space(text.at[0]))
        dv_span_skip(&text, 1);
    text = dv_span_slice(text, 0, MAX_LINE);
    return dv_span_slice(text, 0, dv_span_find_byte(text, '\n'));
}

static bool
names_other_runner(struct dv_span line)
{
    for (size_t i = 0; i < DV_COUNT_OF(other_runners); i++) {
        if (dv_span_find(line, dv_span_cstr(other_runners[i])) != line.len)
            return true;
    }
    return false;
}

static bool
is_script_name(struct dv_span name)
{
    for (size_t i = 0; i < DV_COUNT_OF(script_names); i++) {
        const struct dv_span row = dv_span_cstr(script_names[i]);

        if (name.len > row.len
            && dv_span_equal_nocase(
                   dv_span_slice(name, name.len - row.len, row.len), row))
            return true;
    }
    return false;
}

static bool
is_script_text(struct dv_span head, struct dv_span name)
{
    const struct dv_span line = first_line(head);

    if (dv_span_starts_with(line, DV_SPAN_LIT("#!")))
        return !names_other_runner(line);
    if (is_script_name(name))
        return true;
    for (size_t i = 0; i < DV_COUNT_OF(openings); i++) {
        if (dv_span_starts_with_nocase(line, dv_span_cstr(openings[i])))
            return true;
    }
    return false;
}

/* ---- All of them ------------------------------------------------------ */

enum dv_native_format
dv_native_format_of(struct dv_span head, struct dv_span name)
{
    head = dv_span_slice(head, 0, DV_NATIVE_HEAD);
    if (dv_span_starts_with(head, DV_SPAN_LIT("\x7f" "ELF")))
        return DV_NATIVE_ELF;
    if (is_pe(head))
        return DV_NATIVE_PE;
    if (is_macho(head))
        return DV_NATIVE_MACHO;
    if (is_zip(head))
        return DV_NATIVE_ZIP;
    if (is_gzip(head))
        return DV_NATIVE_GZIP;
    if (dv_span_starts_with(head, DV_SPAN_LIT("!<arch>\n")))
        return DV_NATIVE_AR;
    if (dv_native_tar_is(head))
        return DV_NATIVE_TAR;
    if (head.len == 0)
        return DV_NATIVE_DATA;
    if (is_wide_text(head) && is_script_name(name))
        return DV_NATIVE_SCRIPT;
    if (!is_text(head))
        return DV_NATIVE_DATA;
    return is_script_text(head, name) ? DV_NATIVE_SCRIPT : DV_NATIVE_TEXT;
}

/* ".gz" tells nothing of what is inside. */
static struct dv_span
without_gz(struct dv_span name)
{
    if (dv_span_ends_with(name, DV_SPAN_LIT(".gz")))
        name.len -= 3;
    return name;
}

davy_status
dv_native_format_inside(struct dv_mem *mem, struct dv_span head,
                        struct dv_span name, enum dv_native_format *format)
{
    uint8_t rooms[2][DV_NATIVE_HEAD];
    enum dv_native_format inside = dv_native_format_of(head, name);

    *format = inside;
    for (int i = 0; i < MAX_GZIP && inside == DV_NATIVE_GZIP; i++) {
        const davy_status st = dv_native_inflate_head(mem, head, rooms[i % 2],
                                                      DV_NATIVE_HEAD, &head);

        if (st != DAVY_OK)
            return st;
        name = without_gz(name);
        inside = dv_native_format_of(head, name);
    }
    if (inside == DV_NATIVE_DATA || inside == DV_NATIVE_TEXT)
        *format = inside;
    else if (inside == DV_NATIVE_GZIP)
        *format = DV_NATIVE_DATA;       /* nobody packs like that */
    return DAVY_OK;
}
