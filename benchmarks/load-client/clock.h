#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Nanoseconds of the monotonic clock. */
uint64_t now(void);
/* Nanoseconds of CPU time that this process has used. */
uint64_t own_cpu_time(void);

#endif
