#ifndef LATENCIES_H
#define LATENCIES_H

#include <stdint.h>

/* Times are sorted into buckets at most 1/64 wide of their value, so that any number of them takes the same memory. */
enum { SUB_BUCKETS = 64, BUCKETS = 40 * SUB_BUCKETS };

struct latencies {
  uint64_t counts[BUCKETS];
  uint64_t count;
  uint64_t sum;
  uint64_t most;
};

void latencies_add(struct latencies *latencies, uint64_t nanoseconds);
/* Nanoseconds that a share (0 … 1) of the times does not exceed. */
double latencies_quantile(const struct latencies *latencies, double share);
double latencies_mean(const struct latencies *latencies);

#endif
