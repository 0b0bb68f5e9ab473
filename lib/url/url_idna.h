/* SPDX-License-Identifier: MIT */
/* url_idna.h - turns a host in any script into its ASCII form.
 *
 * A reduction of UTS 46 (non-transitional): url_idna.def maps every code
 * point that browsers turn into ASCII (full width, mathematical, circled ...
 * letters, digits and dots), removes the invisible ones, and lowers case in
 * all scripts.  Not done: compatibility mappings that do not end in ASCII,
 * NFC (a letter with a separate accent keeps it), validity criteria.  A host
 * with letters beyond ASCII may have labels of at most 255 code points, which
 * is more than DNS can hold and keeps the encoder's time bounded. */

#ifndef DV_URL_IDNA_H
#define DV_URL_IDNA_H

#include "base/arena.h"

/* Map `host` (percent-decoded) to lower-case ASCII with "xn--" labels, in
 * `arena` or `host` itself.  DAVY_OK, DAVY_MALFORMED (no UTF-8, or a label
 * that cannot be encoded), DAVY_NO_MEMORY. */
davy_status dv_url_idna_to_ascii(struct dv_arena *arena, struct dv_span host,
                                 struct dv_span *ascii);

#endif
