/* Compile-time limits of pjproject for Comptoir. Every value below is part of the wheel's cache key. */

/* Assertions would abort the process on a malformed message; errors are returned instead. */
#define NDEBUG 1

/* How many sockets one ioqueue (epoll) watches: two per call's media, plus the loopback transports. */
#define PJ_IOQUEUE_MAX_HANDLES 8192

/* Four times the peak that the edge admits: a lost slot is then found by the reaper before it hurts. */
#define PJSUA_MAX_CALLS 2048
#define PJSUA_MAX_CONF_PORTS 8192
#define PJSUA_MAX_PLAYERS 2048
#define PJSUA_MAX_RECORDERS 2048
#define PJSUA_MAX_ACC 64

/* A transaction over UDP lives 32 s, so 1,000 calls/s need tens of thousands of them. */
#define PJSIP_MAX_TSX_COUNT 65535
#define PJSIP_MAX_DIALOG_COUNT 32767

/* With the default of 4,000 bytes pjsip cuts a longer datagram and processes the stump. */
#define PJSIP_MAX_PKT_LEN 65535
#define PJSIP_MAX_URL_SIZE 2048

/* SRTP with DTLS key exchange: browsers accept nothing else. */
#define PJ_HAS_SSL_SOCK 1
#define PJMEDIA_HAS_SRTP 1
#define PJMEDIA_SRTP_HAS_DTLS 1

/* A browser on a machine with many networks sends many candidates, each in an attribute of the SDP. */
#define PJ_ICE_MAX_CAND 32
#define PJ_ICE_MAX_CHECKS 128
#define PJMEDIA_MAX_SDP_ATTR 128

/* Browsers that hide their addresses write c=0.0.0.0, which is none of their candidates (RFC 8839 section 4.2.1.2). */
#define PJSUA_ICE_TRANSPORT_OPTION PJMEDIA_ICE_DISABLE_ICE_MISMATCH

#define PJMEDIA_HAS_VIDEO 0
#define PJMEDIA_HAS_G7221_CODEC 0
#define PJMEDIA_HAS_ILBC_CODEC 0
#define PJMEDIA_RESAMPLE_IMP PJMEDIA_RESAMPLE_SPEEX

/* The parallel conference bridge uses all cores; MediaConfig.confThreads chooses the number at run time. */
#define PJMEDIA_CONF_BACKEND PJMEDIA_CONF_PARALLEL_BRIDGE_BACKEND
#define PJMEDIA_CONF_THREADS 2

/* The RTP source is locked after the first good packet: a stranger's packets never take over a call. */
#define PJMEDIA_RTP_NAT_PROBATION_CNT 0x7fffffff
