/* SPDX-License-Identifier: MIT */
/* decode_charset.h - from the bytes of a page or script to text in UTF-8. */

#ifndef DV_DECODE_CHARSET_H
#define DV_DECODE_CHARSET_H

#include "base/buf.h"
#include "decode/decode_encoding.h"

/* What the bytes are, for their encoding is found in different ways. */
enum dv_charset_use {
    DV_CHARSET_PAGE,                    /* HTML: may declare it in itself */
    DV_CHARSET_SCRIPT,                  /* classic script, style sheet */
    DV_CHARSET_UTF8                     /* module, worker, JSON, Blob, data
                                         * of fetch(): always UTF-8 */
};

/* What is known from outside. */
struct dv_charset_hint {
    enum dv_charset_use use;
    struct dv_span label;               /* charset of Content-Type, or none */
    enum dv_encoding fallback;          /* scripts: the page's; else NONE */
};

/* How bytes are to be read. */
struct dv_charset {
    enum dv_encoding encoding;
    size_t bom;                         /* bytes to skip at the start */
};

/* Decide on the encoding: byte order mark, then hint->label, then (pages) the
 * first 1024 bytes, then hint->fallback, then UTF-8 for what is valid UTF-8 or
 * no page, then windows-1252 (WHATWG HTML, 13.2.3.2 and 8.1.3.3). */
void dv_charset_find(struct dv_span bytes, const struct dv_charset_hint *hint,
                     struct dv_charset *charset);

/* Convert to UTF-8.  Text that is UTF-8 already, or ASCII in an encoding that
 * contains ASCII, is not copied: `text` lies in `bytes`, and invalid sequences
 * stay as they are.  Everything else is written to `room`, which is cleared;
 * what is malformed becomes U+FFFD.  DAVY_OK; DAVY_LIMIT when `room` reached
 * its maximum, with the text until there; DAVY_DECLINED when this system lacks
 * the converter: the text has U+FFFD for all that is not ASCII;
 * DAVY_NO_MEMORY. */
davy_status dv_charset_to_utf8(struct dv_span bytes,
                               const struct dv_charset *charset,
                               struct dv_buf *room,
                               struct dv_span *text) DV_MUST_CHECK;

/* The offset in `bytes` of the character at `offset` in the text that
 * dv_charset_to_utf8 makes of them, at most bytes.len.  Converts once more up
 * to there: for findings, not for loops. */
size_t dv_charset_source_offset(struct dv_span bytes,
                                const struct dv_charset *charset,
                                size_t offset);

#endif
