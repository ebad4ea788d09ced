/* Speaks and listens as many phones at once: G.711 A-law, 50 packets a second a stream, two sides.
 *
 *   rtpload PORT_0 PORT_1        two UDP ports on 127.0.0.1, one a side; PORT + 1 receives RTCP
 *
 * All phones of a side share its socket and are told apart by the port that their packets come from. A stream
 * begins when a packet arrives from an unknown port (the far end speaks first), or with the command `peers`.
 * Side 0 speaks 500 Hz, side 1 1000 Hz; of every tenth packet the zero crossings are counted, so that it is
 * known whether a side hears the other.
 *
 * Commands on standard input, one a line:
 *   peers SIDE FIRST COUNT STEP  send to the ports FIRST, FIRST + STEP, ...
 *   forget                       forget all streams
 *   count                        print the counters as one line of JSON
 * It ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAYLOAD 160
#define PACKET (12 + PAYLOAD)
#define SLOTS 20            /* streams are spread over 20 ms, a slot a millisecond */
#define BATCH 256
#define SILENT_TICKS 2000   /* a learnt stream is over after 2 s without a packet */
#define LARGEST 2048
#define TICK_NS 1000000L

struct stream {
    uint16_t port, sequence, heard;
    uint8_t known, fixed, heard_any;
    uint32_t timestamp, reported_lost;
    uint64_t last_tick;
};

struct side {
    int rtp, rtcp, crossings;
    uint8_t tone[PAYLOAD];
    uint16_t order[65536];
    int streams;
    struct stream by_port[65536];
    uint64_t sent, received, lost, late, sampled, right, reported;
};

static struct side sides[2];
static uint64_t ticks, late_ticks;
static long worst_lag_us;

static uint8_t a_law(int sample)
{
    int sign = sample >= 0 ? 0x80 : 0, value = sample >= 0 ? sample : -sample - 1, exponent = 7, mask = 0x4000;
    while (exponent > 0 && !(value & mask)) { exponent--; mask >>= 1; }
    int mantissa = (value >> (exponent ? exponent + 3 : 4)) & 0x0f;
    return (uint8_t)((sign | exponent << 4 | mantissa) ^ 0x55);
}

static int bound(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 16 << 20;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(made, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(made, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    if (made < 0 || bind(made, (struct sockaddr *)&address, sizeof address)) { perror("bind"); exit(1); }
    return made;
}

static void open_side(struct side *side, uint16_t port, int hertz)
{
    side->rtp = bound(port);
    side->rtcp = bound(port + 1);
    side->crossings = 2 * hertz * PAYLOAD / 8000;
    for (int i = 0; i < PAYLOAD; i++)
        side->tone[i] = a_law((int)(8000 * sin(2 * M_PI * hertz * (i + 0.5) / 8000)));
}

static struct stream *begin(struct side *side, uint16_t port, int fixed)
{
    struct stream *stream = &side->by_port[port];
    if (stream->known) return stream;
    memset(stream, 0, sizeof *stream);
    stream->port = port;
    stream->known = 1;
    stream->fixed = (uint8_t)fixed;
    stream->last_tick = ticks;
    side->order[side->streams++] = port;
    return stream;
}

static void end_silent(struct side *side)
{
    for (int i = 0; i < side->streams;) {
        struct stream *stream = &side->by_port[side->order[i]];
        if (stream->fixed || ticks - stream->last_tick < SILENT_TICKS) { i++; continue; }
        stream->known = 0;
        side->order[i] = side->order[--side->streams];
    }
}

/* One slot's packets of a side, handed to the kernel in batches. */
static void speak(struct side *side, int slot)
{
    static struct mmsghdr messages[BATCH];
    static struct iovec parts[BATCH];
    static struct sockaddr_in to[BATCH];
    static uint8_t packets[BATCH][PACKET];
    int count = 0;
    for (int i = slot; i < side->streams + SLOTS; i += SLOTS) {
        if (count == BATCH || (i >= side->streams && count)) {
            int done = sendmmsg(side->rtp, messages, count, 0);
            if (done > 0) side->sent += done;
            count = 0;
        }
        if (i >= side->streams) break;
        struct stream *stream = &side->by_port[side->order[i]];
        uint8_t *packet = packets[count];
        uint16_t sequence = htons(stream->sequence++);
        uint32_t timestamp = htonl(stream->timestamp), source = htonl(0x10000u + stream->port);
        stream->timestamp += PAYLOAD;
        packet[0] = 0x80;
        packet[1] = 8;
        memcpy(packet + 2, &sequence, 2);
        memcpy(packet + 4, &timestamp, 4);
        memcpy(packet + 8, &source, 4);
        memcpy(packet + 12, side->tone, PAYLOAD);
        to[count] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(stream->port)};
        to[count].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        parts[count] = (struct iovec){packet, PACKET};
        messages[count].msg_hdr = (struct msghdr){
            .msg_name = &to[count], .msg_namelen = sizeof to[count], .msg_iov = &parts[count], .msg_iovlen = 1};
        count++;
    }
}

static void listen_to(struct side *side, struct side *other, uint16_t port, const uint8_t *packet, unsigned size)
{
    if (size < 12 || packet[0] >> 6 != 2) return;
    struct stream *stream = begin(side, port, 0);
    uint16_t sequence = (uint16_t)(packet[2] << 8 | packet[3]);
    int16_t step = (int16_t)(sequence - stream->heard);
    if (stream->heard_any && step <= 0) { side->late++; if (side->lost) side->lost--; }
    else {
        if (stream->heard_any && step > 1 && step < 1000) side->lost += step - 1;
        stream->heard = sequence;
        stream->heard_any = 1;
    }
    stream->last_tick = ticks;
    if (++side->received % 10 || size < PACKET) return;
    int crossings = 0;
    for (int i = 13; i < PACKET; i++) crossings += (packet[i] ^ packet[i - 1]) >> 7;
    side->sampled++;
    if (abs(crossings - other->crossings) <= 2) side->right++;
}

/* The far end's receiver reports (RFC 3550 section 6.4): packets it has missed of ours, a stream. */
static void read_report(struct side *side, uint16_t port, const uint8_t *packet, unsigned size)
{
    unsigned at = size >= 8 && packet[1] == 200 ? 28 : 8;
    struct stream *stream = &side->by_port[(uint16_t)(port - 1)];
    if (size < at + 24 || !(packet[0] & 31) || (packet[1] != 200 && packet[1] != 201) || !stream->known) return;
    int32_t lost = packet[at + 5] << 16 | packet[at + 6] << 8 | packet[at + 7];
    if (lost & 0x800000) lost = 0;
    side->reported += (uint64_t)lost > stream->reported_lost ? lost - stream->reported_lost : 0;
    stream->reported_lost = lost;
}

static void hear(struct side *side, struct side *other, int socket, int is_rtcp)
{
    static struct mmsghdr messages[BATCH];
    static struct iovec parts[BATCH];
    static struct sockaddr_in from[BATCH];
    static uint8_t packets[BATCH][LARGEST];
    int got;
    do {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){packets[i], LARGEST};
            messages[i].msg_hdr = (struct msghdr){
                .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
        }
        got = recvmmsg(socket, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) {
            uint16_t port = ntohs(from[i].sin_port);
            if (is_rtcp) read_report(side, port, packets[i], messages[i].msg_len);
            else listen_to(side, other, port, packets[i], messages[i].msg_len);
        }
    } while (got == BATCH);
}

static void print_counters(void)
{
    printf("{\"late_ticks\": %lu, \"worst_lag_ms\": %.1f, \"sides\": [", late_ticks, worst_lag_us / 1000.0);
    for (int i = 0; i < 2; i++) {
        struct side *s = &sides[i];
        printf("%s{\"streams\": %d, \"sent\": %lu, \"received\": %lu, \"lost\": %lu, \"late\": %lu, "
               "\"sampled\": %lu, \"right\": %lu, \"reported_lost\": %lu}",
               i ? ", " : "", s->streams, s->sent, s->received, s->lost, s->late, s->sampled, s->right, s->reported);
    }
    printf("]}\n");
    fflush(stdout);
    worst_lag_us = 0;
}

static void obey(const char *line)
{
    unsigned side, first, count, step;
    if (sscanf(line, "peers %u %u %u %u", &side, &first, &count, &step) == 4 && side < 2)
        for (unsigned i = 0; i < count; i++) begin(&sides[side], (uint16_t)(first + i * step), 1);
    else if (!strncmp(line, "forget", 6))
        for (int i = 0; i < 2; i++) { memset(sides[i].by_port, 0, sizeof sides[i].by_port); sides[i].streams = 0; }
    else if (!strncmp(line, "count", 5))
        print_counters();
}

/* Whether standard input is still open. */
static int read_commands(void)
{
    static char text[4096];
    static size_t used;
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, 0) <= 0) return 1;
    ssize_t got = read(0, text + used, sizeof text - 1 - used);
    if (got <= 0) return 0;
    used += (size_t)got;
    text[used] = 0;
    for (char *end; (end = strchr(text, '\n'));) {
        *end = 0;
        obey(text);
        used -= (size_t)(end + 1 - text);
        memmove(text, end + 1, used + 1);
    }
    return 1;
}

static void wait_for_tick(struct timespec *next)
{
    struct timespec now;
    next->tv_nsec += TICK_NS;
    if (next->tv_nsec >= 1000000000L) { next->tv_nsec -= 1000000000L; next->tv_sec++; }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
    clock_gettime(CLOCK_MONOTONIC, &now);
    long lag = (now.tv_sec - next->tv_sec) * 1000000L + (now.tv_nsec - next->tv_nsec) / 1000;
    if (lag > worst_lag_us) worst_lag_us = lag;
    if (lag > 5000) late_ticks++;
}

int main(int argc, char **argv)
{
    struct timespec next;
    if (argc != 3) { fprintf(stderr, "usage: rtpload PORT_0 PORT_1\n"); return 2; }
    open_side(&sides[0], (uint16_t)atoi(argv[1]), 500);
    open_side(&sides[1], (uint16_t)atoi(argv[2]), 1000);
    printf("{\"ready\": true}\n");
    fflush(stdout);
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (read_commands()) {
        wait_for_tick(&next);
        ticks++;
        for (int i = 0; i < 2; i++) {
            hear(&sides[i], &sides[1 - i], sides[i].rtp, 0);
            speak(&sides[i], (int)(ticks % SLOTS));
        }
        if (ticks % 100) continue;
        for (int i = 0; i < 2; i++) {
            hear(&sides[i], &sides[1 - i], sides[i].rtcp, 1);
            end_silent(&sides[i]);
        }
    }
    return 0;
}
