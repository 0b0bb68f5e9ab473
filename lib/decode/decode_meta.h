/* SPDX-License-Identifier: MIT */
/* decode_meta.h - which encoding a page says it is in. */

#ifndef DV_DECODE_META_H
#define DV_DECODE_META_H

#include "decode/decode_encoding.h"

/* How much of a page is looked at (WHATWG HTML, 13.2.3.2). */
#define DV_META_WINDOW ((size_t)1024)

/* Prescan the beginning of a page for a meta element or an XML declaration
 * that names its encoding; DV_ENCODING_NONE when none does.  No more than
 * DV_META_WINDOW bytes are read. */
enum dv_encoding dv_meta_prescan(struct dv_span page);

/* The encoding in the `content` of a meta element, as in
 * "text/html; charset=x" (WHATWG HTML, 2.5.3). */
enum dv_encoding dv_meta_content(struct dv_span content);

#endif
