/* SPDX-License-Identifier: MIT */
/* ws_extension.h - what was agreed on in Sec-WebSocket-Extensions. */

#ifndef DV_WS_EXTENSION_H
#define DV_WS_EXTENSION_H

#include <davy/davy.h>

#include "base/compiler.h"
#include "base/span.h"

struct dv_ws_extension {
    bool has_deflate;                   /* permessage-deflate (RFC 7692) */
    bool forgets[2];                    /* no context takeover: client, then
                                         * server */
};

/* Read the header of the answer 101.  DAVY_OK; DAVY_UNSUPPORTED for another
 * extension, or one twice: frames could mean anything; DAVY_MALFORMED. */
davy_status dv_ws_extension_read(struct dv_span header,
                                 struct dv_ws_extension *extension)
    DV_MUST_CHECK;

#endif
