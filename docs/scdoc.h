/* SPDX-License-Identifier: MIT */
/* scdoc.h - text of tables as scdoc(5) wants it; for tools of the build. */

#ifndef SCDOC_H
#define SCDOC_H

/* To standard output, with what has a meaning in scdoc escaped. */
void scdoc_put(const char *text);

#endif
