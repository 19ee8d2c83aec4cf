#include "latencies.h"

static unsigned bucket_of(uint64_t value) {
  if (value < SUB_BUCKETS) return (unsigned)value;
  unsigned shift = (unsigned)(63 - __builtin_clzll(value)) - 6;
  unsigned bucket = shift * SUB_BUCKETS + (unsigned)(value >> shift);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* The middle of a bucket. */
static double value_of(unsigned bucket) {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  unsigned shift = bucket / SUB_BUCKETS - 1;
  return ((double)(bucket % SUB_BUCKETS + SUB_BUCKETS) + 0.5) * (double)(1ull << shift);
}

void latencies_add(struct latencies *latencies, uint64_t nanoseconds) {
  latencies->counts[bucket_of(nanoseconds)]++;
  latencies->count++;
  latencies->sum += nanoseconds;
  if (nanoseconds > latencies->most) latencies->most = nanoseconds;
}

double latencies_quantile(const struct latencies *latencies, double share) {
  uint64_t wanted = (uint64_t)(share * (double)latencies->count);
  uint64_t seen = 0;
  for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
    seen += latencies->counts[bucket];
    if (seen > wanted) return value_of(bucket);
  }
  return (double)latencies->most;
}

double latencies_mean(const struct latencies *latencies) {
  return latencies->count ? (double)latencies->sum / (double)latencies->count : 0;
}
