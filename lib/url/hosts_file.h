/* SPDX-License-Identifier: MIT */
/* hosts_file.h - reads hosts files, and lists of one host a line. */

#ifndef DV_HOSTS_FILE_H
#define DV_HOSTS_FILE_H

#include "base/arena.h"

enum dv_hosts_line {
    DV_HOSTS_NOTHING,                   /* blank, comment, local names */
    DV_HOSTS_HOSTS,                     /* take them with dv_hosts_next */
    DV_HOSTS_SKIPPED                    /* cannot be used: see reason */
};

/* What is left of a line. */
struct dv_hosts {
    struct dv_span left;
    const char *reason;                 /* of DV_HOSTS_SKIPPED; static text */
};

/* Look at one line, without its line break: "0.0.0.0 a.example b.example",
 * "a.example", "*.a.example", each with a comment behind `#`. */
enum dv_hosts_line dv_hosts_parse(struct dv_span line,
                                  struct dv_hosts *hosts);

/* The next host in the form that dv_url_parse gives hosts, in `arena`; an
 * empty one for a local name.  DAVY_OK; DAVY_DECLINED at the end;
 * DAVY_MALFORMED for something that is no host name with a dot; then the walk
 * may go on; DAVY_NO_MEMORY. */
davy_status dv_hosts_next(struct dv_hosts *hosts, struct dv_arena *arena,
                          struct dv_span *host);

#endif
