/* Puts a plugin server under load as one worker of Kong would, and tells what the server and this client used for it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "clock.h"
#include "failure.h"
#include "kong-worker.h"
#include "latencies.h"
#include "options.h"
#include "pdk-methods.h"
#include "process-stats.h"

enum { BATCH = 128, LONGEST_WARM_UP = 4 };
/* Nanoseconds that running events are given when the time is over. */
static const uint64_t GRACE = 10000000000u;

static struct options options;
static int server;

/* Readings at one end of the measured time. */
struct reading {
  uint64_t time;
  uint64_t server_cpu;
  uint64_t own_cpu;
  uint64_t pdk_calls;
};

static struct latencies latencies;
static struct reading from, until;
static enum { WARMING_UP, MEASURING, STOPPING } stage;
static unsigned long begun;
static unsigned running;

static struct reading read_now(const struct kong_worker *worker) {
  return (struct reading){now(), process_cpu_time(server), own_cpu_time(), worker->pdk_calls};
}

static void begin_event(struct kong_worker *worker, struct connection *connection, uint64_t time) {
  connection->event.running = true;
  connection->event.started = time;
  connection->event.calls = 0;
  running++;
  begun++;
  worker->protocol->begin_event(worker, connection);
}

static bool may_begin(void) {
  return stage != STOPPING && (!options.events || begun < options.events);
}

static void event_ended(struct kong_worker *worker, struct connection *connection) {
  struct event *event = &connection->event;
  uint64_t time = now();
  running--;
  event->running = false;
  if (options.calls >= 0 && event->calls != (unsigned long)options.calls) count_failure("an event made %u PDK calls instead of %ld", event->calls, options.calls);
  if (stage == MEASURING) latencies_add(&latencies, time - event->started);
  if (may_begin()) begin_event(worker, connection, time);
}

static void serve_batch(struct kong_worker *worker) {
  struct epoll_event ready[BATCH];
  int count = epoll_wait(worker->epoll, ready, BATCH, 100);
  for (int index = 0; index < count; index++) {
    struct connection *connection = ready[index].data.ptr;
    if (ready[index].events & EPOLLOUT) connection_flush(connection, worker->epoll);
    if (!(ready[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
    connection_receive(connection);
    while (connection->event.running && worker->protocol->take_message(worker, connection)) {}
    if (!connection->event.running && connection->received.length) count_failure("bytes after the end of an event");
  }
}

static void run_events(struct kong_worker *worker) {
  uint64_t start = now();
  uint64_t warm = start + (uint64_t)(options.warm_up * 1e9), end = warm + (uint64_t)(options.seconds * 1e9);
  stage = options.events ? MEASURING : WARMING_UP;
  from = read_now(worker);
  for (unsigned index = 0; index < worker->connection_count && may_begin(); index++) begin_event(worker, worker->connections + index, now());
  while (running) {
    serve_batch(worker);
    if (options.events) continue;
    uint64_t time = now();
    if (stage == WARMING_UP && time >= warm && (begun - running >= options.warm_up_events || time >= warm + LONGEST_WARM_UP * (warm - start))) {
      end = time + (uint64_t)(options.seconds * 1e9);
      from = read_now(worker);
      stage = MEASURING;
    } else if (stage == MEASURING && time >= end) {
      until = read_now(worker);
      stage = STOPPING;
    } else if (stage == STOPPING && time >= end + GRACE) {
      give_up("%u events did not end", running);
    }
  }
  if (options.events) until = read_now(worker);
}

static void run_pairs(struct kong_worker *worker) {
  from = read_now(worker);
  for (unsigned long pair = 0; pair < options.pairs; pair++) {
    worker->protocol->start_instance(worker, worker->connections);
    worker->protocol->close_instance(worker, worker->connections);
  }
  until = read_now(worker);
}

static double seconds(void) {
  return (double)(until.time - from.time) / 1e9;
}

/* Microseconds of the server's CPU for each of `count` things. */
static double server_cpu_for(double count) {
  return count ? (double)(until.server_cpu - from.server_cpu) / 1e3 / count : 0;
}

static void print_shares_and_memory(long memory_before) {
  printf(",\"serverShare\":%.4f,\"clientShare\":%.4f", (double)(until.server_cpu - from.server_cpu) / 1e9 / seconds(), (double)(until.own_cpu - from.own_cpu) / 1e9 / seconds());
  printf(",\"memoryBefore\":%ld,\"memoryAfter\":%ld,\"memoryPeak\":%ld", memory_before, process_memory(server, "VmRSS"), process_memory(server, "VmHWM"));
  printf(",\"failures\":%lu}\n", failures());
}

static void print_events(void) {
  double count = (double)latencies.count;
  printf("{\"events\":%.0f,\"seconds\":%.4f,\"eventsPerSecond\":%.1f", count, seconds(), count / seconds());
  printf(",\"pdkCallsPerSecond\":%.1f,\"serverCpu\":%.4f", (double)(until.pdk_calls - from.pdk_calls) / seconds(), server_cpu_for(count));
  printf(",\"latency\":{\"mean\":%.2f,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"max\":%.2f}", latencies_mean(&latencies) / 1e3, latencies_quantile(&latencies, 0.5) / 1e3,
         latencies_quantile(&latencies, 0.9) / 1e3, latencies_quantile(&latencies, 0.99) / 1e3, latencies_quantile(&latencies, 0.999) / 1e3, (double)latencies.most / 1e3);
}

static void print_pairs(void) {
  printf("{\"pairs\":%lu,\"seconds\":%.4f,\"pairsPerSecond\":%.1f,\"serverCpu\":%.4f", options.pairs, seconds(), (double)options.pairs / seconds(), server_cpu_for((double)options.pairs));
}

int main(int count, char **arguments) {
  options = read_options(count, arguments);
  pdk_prepare(options.body_bytes);
  struct kong_worker worker = {.protocol = options.protocol, .plugin = options.plugin, .config = options.config, .phase = options.phase, .trace = options.trace, .event_ended = event_ended};
  worker.epoll = epoll_create1(EPOLL_CLOEXEC);
  if (worker.epoll < 0) give_up("epoll: %s", strerror(errno));
  /* Kong's sequence numbers begin at 2. */
  worker.last_message_id = 1;
  worker.connection_count = options.pairs ? 1 : options.connections;
  worker.connections = calloc(worker.connection_count, sizeof *worker.connections);
  if (!worker.connections) give_up("out of memory");
  for (unsigned index = 0; index < worker.connection_count; index++) {
    connection_open(worker.connections + index, options.socket);
    connection_watch(worker.connections + index, worker.epoll);
  }
  server = connection_peer(worker.connections);
  long memory_before = process_memory(server, "VmRSS");
  if (options.pairs) {
    run_pairs(&worker);
    print_pairs();
  } else {
    worker.protocol->start_instance(&worker, worker.connections);
    run_events(&worker);
    worker.protocol->close_instance(&worker, worker.connections);
    print_events();
  }
  print_shares_and_memory(memory_before);
  return failures() ? 1 : 0;
}
