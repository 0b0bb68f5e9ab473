/* SPDX-License-Identifier: MIT */
/* native_format.h - tells programs, scripts and archives by their first
 * bytes. */

#ifndef DV_NATIVE_FORMAT_H
#define DV_NATIVE_FORMAT_H

#include "base/mem.h"
#include "base/span.h"

enum dv_native_format {
#define DV_NATIVE_FORMAT(NAME, type, CLASS) DV_NATIVE_##NAME,
#include "native/native_format.def"
#undef DV_NATIVE_FORMAT
    DV_NATIVE_FORMATS
};

/* What rules tell apart; in the order of the words of `in`. */
enum dv_native_class {
    DV_NATIVE_CLASS_PROGRAM,
    DV_NATIVE_CLASS_SCRIPT,
    DV_NATIVE_CLASS_TEXT,
    DV_NATIVE_CLASS_ARCHIVE,
    DV_NATIVE_CLASS_NONE
};

/* First bytes that decide: the magic of tar stands at 257, and programs for
 * Windows have their header behind one for DOS. */
#define DV_NATIVE_HEAD ((size_t)512)

/* The format of a file that begins with `head` (its first DV_NATIVE_HEAD bytes,
 * or all there is) and is called `name` (maybe empty).  Text that is no script
 * is TEXT, anything else DATA. */
enum dv_native_format dv_native_format_of(struct dv_span head,
                                          struct dv_span name);

/* The same, but what gzip hides is looked for as far as `head` tells; GZIP only
 * for a program, a script or an archive that was compressed.  DAVY_OK,
 * DAVY_NO_MEMORY. */
davy_status dv_native_format_inside(struct dv_mem *mem, struct dv_span head,
                                    struct dv_span name,
                                    enum dv_native_format *format);

enum dv_native_class dv_native_class_of(enum dv_native_format format);
const char *dv_native_type(enum dv_native_format format);

/* The part of a path behind its last slash or backslash. */
struct dv_span dv_native_base_name(struct dv_span path);

#endif
