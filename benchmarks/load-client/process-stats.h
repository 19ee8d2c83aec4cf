#ifndef PROCESS_STATS_H
#define PROCESS_STATS_H

#include <stdint.h>

/* Nanoseconds of CPU time that all threads of a process have used. */
uint64_t process_cpu_time(int pid);
/* KiB of a line of /proc/PID/status, `VmRSS` or `VmHWM`; -1 when it cannot be read. */
long process_memory(int pid, const char *line);

#endif
