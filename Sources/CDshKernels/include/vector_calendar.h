// Parts of dates, of whole columns of days.
#ifndef VECTOR_CALENDAR_H
#define VECTOR_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

enum dsh_date_part { DSH_YEAR, DSH_QUARTER, DSH_MONTH, DSH_DAY };

// Writes a part of the date `days[i]` days after 1970-01-01 for each row. False if a date is too far from that, about a million years; then nothing
// was written.
int dsh_date_parts(enum dsh_date_part part, const int32_t *days, size_t count, int64_t *parts);

#endif
