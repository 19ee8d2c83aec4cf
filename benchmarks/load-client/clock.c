#include "clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t now(void) {
  return read_clock(CLOCK_MONOTONIC);
}

uint64_t own_cpu_time(void) {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
