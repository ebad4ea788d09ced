/* The least that any media server must do: takes each packet of one side and sends it on to the other.
 *
 *   udprelay FIRST PAIRS TO_0 TO_1
 *
 * Pair i receives side 0 at 127.0.0.1:FIRST + 4 i and side 1 at FIRST + 4 i + 2. What comes from side 0 leaves
 * from the pair's second socket to port TO_1, and the other way round. A socket a leg, a system call to receive
 * and one to send, as a server that knows its peers by their sockets has to. It ends with its standard input.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define EVENTS 256

static int bound(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (made < 0 || bind(made, (struct sockaddr *)&address, sizeof address)) { perror("bind"); exit(1); }
    return made;
}

int main(int argc, char **argv)
{
    if (argc != 5) { fprintf(stderr, "usage: udprelay FIRST PAIRS TO_0 TO_1\n"); return 2; }
    int first = atoi(argv[1]), legs = 2 * atoi(argv[2]), *sockets = calloc((size_t)legs, sizeof *sockets);
    int waiting = epoll_create1(0);
    struct sockaddr_in to[2];
    for (int side = 0; side < 2; side++) {
        to[side] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[3 + side]))};
        to[side].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    struct epoll_event input = {.events = EPOLLIN, .data.fd = -1};
    epoll_ctl(waiting, EPOLL_CTL_ADD, 0, &input);
    for (int leg = 0; leg < legs; leg++) {
        struct epoll_event wanted = {.events = EPOLLIN, .data.fd = leg};
        sockets[leg] = bound((uint16_t)(first + 2 * leg));
        epoll_ctl(waiting, EPOLL_CTL_ADD, sockets[leg], &wanted);
    }
    puts("{\"ready\": true}");
    fflush(stdout);
    for (;;) {
        struct epoll_event ready[EVENTS];
        int count = epoll_wait(waiting, ready, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            uint8_t packet[2048];
            int leg = ready[i].data.fd, other = leg ^ 1;
            if (leg < 0) return 0;
            ssize_t size = recv(sockets[leg], packet, sizeof packet, 0);
            if (size > 0) sendto(sockets[other], packet, (size_t)size, 0, (struct sockaddr *)&to[other & 1], sizeof to[0]);
        }
    }
}
