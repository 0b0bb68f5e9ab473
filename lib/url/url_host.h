/* SPDX-License-Identifier: MIT */
/* url_host.h - reads the host of an address (URL Standard, 3.5). */

#ifndef DV_URL_HOST_H
#define DV_URL_HOST_H

#include "url/url.h"

/* Parse `text` (not empty) as the host of a special scheme, or of any other
 * when `is_opaque`; the result lies in `arena` or in `text`.  DAVY_OK,
 * DAVY_MALFORMED, DAVY_NO_MEMORY. */
davy_status dv_url_host_parse(struct dv_arena *arena, struct dv_span text,
                              bool is_opaque, struct dv_span *host,
                              enum dv_url_host *type);

#endif
