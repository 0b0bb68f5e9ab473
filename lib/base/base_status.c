/* SPDX-License-Identifier: MIT */
/* base_status.c - a sentence for each status code. */

#include <davy/davy.h>

#include "base/compiler.h"

static const char *const texts[] = {
    [DAVY_OK] = "success",
    [DAVY_MORE] = "more input is needed",
    [DAVY_DECLINED] = "the input is of another kind",
    [DAVY_NO_MEMORY] = "out of memory, or over the memory limit",
    [DAVY_LIMIT] = "a limit was reached",
    [DAVY_MALFORMED] = "malformed input",
    [DAVY_MISUSE] = "the call breaks the contract of the interface",
    [DAVY_IO] = "a file could not be read",
    [DAVY_BAD_RULES] = "rules or lists have errors",
    [DAVY_NOT_FOUND] = "not found",
    [DAVY_UNSUPPORTED] = "not supported for this input",
};

const char *
davy_status_text(davy_status status)
{
    const size_t i = (size_t)status;

    return i < DV_COUNT_OF(texts) ? texts[i] : "unknown status";
}
