/* SPDX-License-Identifier: MIT */
/* scdoc.c - escapes for scdoc(5). */

#include "docs/scdoc.h"

#include <stdio.h>
#include <string.h>

void
scdoc_put(const char *text)
{
    /* _ * \ and others have a meaning, ++ at line ends. */
    for (; *text != '\0'; text++) {
        if (strchr("_*\\[]<>#`~|-.", *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}
