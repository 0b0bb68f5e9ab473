/* SPDX-License-Identifier: MIT */
/* decode_mime.h - reads the value of a Content-Type header. */

#ifndef DV_DECODE_MIME_H
#define DV_DECODE_MIME_H

#include <davy/status.h>

#include "base/compiler.h"
#include "base/span.h"

/* RFC 6838, 4.2: a type and a subtype have at most 127 characters each. */
#define DV_MIME_ESSENCE 256

/* Longer than every label of an encoding. */
#define DV_MIME_CHARSET 64

struct dv_mime {
    char essence[DV_MIME_ESSENCE];      /* "text/html", in lower case */
    char charset[DV_MIME_CHARSET];      /* as written, or "" */
};

/* Read `header` as browsers do (WHATWG MIME Sniffing, 4.4).  DAVY_OK, or
 * DAVY_MALFORMED with both texts empty.  A charset that is too long for any
 * label is as good as none. */
davy_status dv_mime_parse(struct dv_span header,
                          struct dv_mime *mime) DV_MUST_CHECK;

#endif
