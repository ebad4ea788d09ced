"""All settings, a frozen dataclass a section. To add one: a field here, then `python -m config.defaults`.

Durations are in seconds, sizes in bytes. `config.loader.load` fills these from the TOML file and the
environment.
"""

from dataclasses import dataclass, field
from pathlib import Path

from config.fields import duration, flag, names, number, path, ratio, secret, size, text

PORT = {"low": 0, "high": 65535}


@dataclass(frozen=True)
class PathsSettings:
    """Where Comptoir keeps what it writes."""

    state_dir: Path = path("~/.local/state/comptoir", "Database, recordings, prompts and generated secrets.")


@dataclass(frozen=True)
class DatabaseSettings:
    """The database that both processes share."""

    url: str = text(
        "sqlite:///{state_dir}/comptoir.db",
        "An SQLAlchemy URL. PostgreSQL: postgresql+psycopg://user@host/name (password: see `password`).",
    )
    password: str = secret("The password, when it shall not stand in the URL.")
    pool_size: int = number(5, "Connections kept open by each process.", 1, 200)
    busy_timeout: float = duration("5s", "How long SQLite waits for another writer.")
    connect_timeout: float = duration("5s", "How long PostgreSQL may take to accept a connection.", low="1s")


@dataclass(frozen=True)
class SipSettings:
    """The SIP edge: what phones and trunks talk to."""

    listen: tuple[str, ...] = names(("0.0.0.0", "::"), "Addresses to listen on, UDP and TCP.")  # noqa: S104
    port: int = number(5060, "UDP and TCP port; 0 takes any free one.", **PORT)
    tls: bool = flag(True, "Listen for SIP over TLS as well.")
    tls_port: int = number(5061, "TLS port; 0 takes any free one.", **PORT)
    tls_certificate: Path = path(
        "{state_dir}/tls/sip.crt",
        "Certificate chain (PEM) for TLS and secure WebSocket; made and self-signed when missing here.",
    )
    tls_key: Path = path("{state_dir}/tls/sip.key", "Its private key (PEM), readable by this user only.")
    ws: bool = flag(True, "Listen for browsers: SIP over WebSocket (RFC 7118), path /sip.")
    ws_port: int = number(
        8088, "WebSocket port (ws), for pages on this machine or a TLS proxy; 0 takes any.", **PORT
    )
    wss_port: int = number(8444, "Secure WebSocket port (wss); 0 takes any free one.", **PORT)
    ws_hosts: tuple[str, ...] = names(
        (),
        "Host names (without port) that browsers may name; empty: address literals, localhost, "
        "advertised_address, and the hosts of web.public_url and webrtc.ws_url.",
    )
    ws_origins: tuple[str, ...] = names(
        (), "Further page origins that may open a WebSocket, besides the pages' own and the sites'."
    )
    ws_ping: float = duration(
        "20s", "A WebSocket is pinged this often; without an answer in time it is closed.", low="1s"
    )
    internal_address: str = text("127.0.0.1", "Loopback address between the edge and the media stack.")
    internal_port: int = number(5070, "The edge's loopback port for the media stack; 0 takes any.", **PORT)
    advertised_address: str = text(
        "", "The address that others reach this machine by; empty: the one a packet arrived at."
    )
    flow_secret: str = secret("Signs flow tokens in Record-Route and Path.", generated=True)

    registration_min: float = duration("60s", "Shorter registrations are answered 423.", low="1s")
    registration_max: float = duration("1h", "Longer registrations are shortened to this.", low="1s")
    registration_default: float = duration("1h", "For a registration that names no time.", low="1s")
    max_contacts: int = number(10, "Contacts one user may register at a time.", 1, 100)
    digest_algorithms: tuple[str, ...] = names(
        ("SHA-256", "MD5"),
        "Digest algorithms offered to phones, strongest first (RFC 8760); only MD5 for phones that choke on more.",
    )
    nonce_lifetime: float = duration("300s", "How long a digest nonce may be used.", low="1s")

    session_expires: float = duration("1800s", "Session timer asked for (RFC 4028).", low="90s")
    min_se: float = duration("90s", "Shortest session timer accepted (RFC 4028).", low="90s")

    header_timeout: float = duration(
        "10s", "A peer on a connection must finish a header, or its upgrade, within this.", low="100ms"
    )
    idle_timeout: float = duration(
        "10m", "A connection that is idle and carried no login or call is closed after this.", low="1s"
    )
    max_connections: int = number(4000, "TCP, TLS and WebSocket connections in all.", 1)
    max_connections_per_address: int = number(
        100, "Connections from one address; ban_exempt ones (a proxy) have no such limit.", 1
    )

    rate: float = ratio(50, "Messages a second from one address, before parsing.", low=0.1)
    rate_burst: int = number(200, "Messages that may come at once from one address.", 1)
    rate_trusted: float = ratio(5000, "Messages a second from a trunk's own address.", low=0.1)
    overload_rate: float = ratio(2000, "Messages a second in all, above which 503 is answered.", low=1)

    ban_attempts: int = number(10, "Failed logins after which an address (and user) is banned.", 1)
    ban_window: float = duration("10m", "Failed logins are counted over this time.", low="1s")
    ban_time: float = duration("5m", "The first ban's length; each further one doubles it.", low="1s")
    ban_time_max: float = duration("24h", "The longest ban.", low="1s")
    ban_exempt: tuple[str, ...] = names(("127.0.0.1", "::1"), "Addresses or networks never banned.")

    house_prefixes: tuple[str, ...] = names(
        (),
        "E.164 prefixes that callbacks and flows' transfers may dial; empty: the country of ivr.region only.",
    )
    max_dialled_calls: int = number(10, "Outside calls one account may have at a time.", 0)
    max_dialled_calls_per_hour: int = number(60, "Outside calls one account may place in an hour.", 0)


@dataclass(frozen=True)
class MediaSettings:
    """pjsua2: calls and audio."""

    plain_port: int = number(5080, "pjsua2's loopback port for plain phones; 0 takes any.", **PORT)
    secure_port: int = number(5082, "pjsua2's loopback port for phones over TLS; 0 takes any.", **PORT)
    webrtc_port: int = number(5084, "pjsua2's loopback port for browsers; 0 takes any.", **PORT)
    srtp: str = text(
        "required", "Encrypted audio (SDES-SRTP) of phones that signal over TLS.", ("required", "offered")
    )
    rtp_start: int = number(20000, "First RTP port.", 1024, 65534)
    rtp_end: int = number(29999, "Last RTP port; four ports a concurrent call are needed.", 1025, 65535)
    rtp_address: str = text("", "Address for RTP, bound and told to phones; empty: every address.")
    rtp_advertised_address: str = text("", "Address told to phones when it is not the bound one (NAT).")
    max_calls: int = number(2048, "Call slots of pjsua2; the build's limit is 2048.", 4, 2048)
    admit_calls: int = number(500, "Calls admitted; above it 503. At most a quarter of max_calls.", 1, 512)
    conference_threads: int = number(2, "Threads of the conference bridge.", 1, 64)
    clock_rate: int = number(16000, "Sampling rate of the conference bridge in Hz.", 8000, 48000)
    poll_interval: float = duration("10ms", "How often pjsua2 is polled.", low="1ms", high="100ms")
    rtp_timeout_talking: float = duration("30s", "Silence on RTP that ends a talking call.", low="1s")
    rtp_timeout_held: float = duration("600s", "Silence on RTP that ends a held call.", low="1s")
    music_on_hold: str = text("", "A WAV file heard on hold and in queues; empty: the shipped one.")
    log_level: int = number(1, "pjsua2's own log level.", 0, 6)


@dataclass(frozen=True)
class PromptsSettings:
    """Spoken prompts."""

    voice_en: str = text("en-gb", "The voice for English.")
    voice_fr: str = text("fr-fr", "The voice for French.")
    voice_pt: str = text("pt-pt", "The voice for Portuguese.")
    cache_dir: Path = path("{state_dir}/prompts", "Where rendered prompts are kept.")
    command: tuple[str, ...] = names(
        ("espeak-ng", "-v", "{voice}", "-s", "{speed}", "-w", "{output}", "--stdin"),
        "The text-to-speech command; it reads the text and writes a WAV file at {output}.",
    )
    speed: int = number(150, "Words a minute, as {speed} in the command.", 60, 400)
    render_timeout: float = duration("10s", "A prompt not rendered in this time counts as missing.", low="1s")
    render_processes: int = number(2, "Prompts rendered at a time.", 1, 16)


@dataclass(frozen=True)
class IvrSettings:
    """IVR sessions."""

    region: str = text("FR", "The country (ISO 3166-1) whose callers write numbers without a country code.")
    trusted_callers: tuple[str, ...] = names(
        ("trunks", "endpoints", "private"),
        "Whose numbers open a customer's data: trunks, endpoints (authenticated phones), private (addresses "
        "of private networks), anyone.",
    )
    lookup_timeout: float = duration("3s", "A look-up that takes longer fails.", low="100ms")


@dataclass(frozen=True)
class RecordingSettings:
    """Recording of bridged contacts."""

    directory: Path = path("{state_dir}/recordings", "A directory on a local disk.")
    min_free: int = size("1 GB", "No recording starts, and running ones end, below this free space.")
    check_interval: float = duration("10s", "How often free space and growth are checked.", low="1s")
    retention: float = duration(
        "90d", "Recordings, messages and replays older than this are deleted, daily; 0 keeps them for ever."
    )


@dataclass(frozen=True)
class AcdSettings:
    """Queues and agents; a queue may have its own values."""

    offer_timeout: float = duration("20s", "How long an agent's phone rings for an offer.", low="1s")
    wrap_up: float = duration("30s", "Time for notes after a contact.")
    service_level_threshold: float = duration("20s", "T of the service level, from queue entry.", low="1s")
    short_abandon: float = duration("5s", "Abandons sooner than this are counted apart.")


@dataclass(frozen=True)
class ApiSettings:
    """The control API of the pbx process."""

    listen: str = text("127.0.0.1", "The address to listen on; keep it on loopback.")
    port: int = number(8089, "The port; 0 takes any free one.", **PORT)
    token: str = secret("Clients send it as a bearer token.", generated=True)
    event_buffer: int = number(10000, "Events kept for clients that resume.", 1)


@dataclass(frozen=True)
class WebSettings:
    """The pages of the agent_ui process."""

    listen: str = text("127.0.0.1", "The address to listen on.")
    port: int = number(8000, "The port; 0 takes any free one.", **PORT)
    secret_key: str = secret("Signs session cookies.", generated=True)
    session_lifetime: float = duration("12h", "A login lasts this long.", low="1m")
    secure_cookies: bool = flag(False, "Send cookies over HTTPS only; set it behind a TLS proxy.")
    public_url: str = text(
        "", "How people reach the pages when a proxy stands in front, such as https://desk.example.com."
    )
    trusted_proxies: int = number(0, "Reverse proxies in front, whose X-Forwarded-For is believed.", 0, 10)
    viewer_port: int = number(
        8001, "The port of what shows customers' pages to agents, an origin of its own; 0 takes any.", **PORT
    )
    viewer_url: str = text(
        "", "How browsers reach that port when a proxy stands in front, such as https://mirror.example.com."
    )
    agent_discount_limit: int = number(
        1000,
        "The largest discount agents may give, in hundredths of a percent; the users page has exceptions.",
        0,
        10000,
    )
    supervisor_discount_limit: int = number(
        2500, "The same for supervisors and admins, as far as they take calls.", 0, 10000
    )


@dataclass(frozen=True)
class WebrtcSettings:
    """Calls from and to browsers."""

    token_secret: str = secret("Signs the browsers' short-lived SIP credentials.", generated=True)
    credential_ttl: float = duration(
        "10m", "How long such a credential logs in; pages renew it in time.", low="10s"
    )
    ws_url: str = text(
        "",
        "Where browsers reach SIP over WebSocket, such as wss://pbx.example.com/sip; empty: this host's port.",
    )
    stun_urls: tuple[str, ...] = names(
        (), "STUN servers told to browsers, such as stun:stun.example.com:3478."
    )
    turn_urls: tuple[str, ...] = names(
        (), "TURN servers told to browsers, such as turn:turn.example.com:3478."
    )
    turn_secret: str = secret("Shared with the TURN server (coturn: static-auth-secret).")
    turn_ttl: float = duration("2h", "How long TURN credentials are valid.", low="1m")
    away_grace: float = duration(
        "20s", "How long a call waits, with music, for a browser page that went away to come back.", low="1s"
    )


@dataclass(frozen=True)
class WidgetSettings:
    """The widget in the shops' pages."""

    token_secret: str = secret("Signs the visitors' tokens.", generated=True)
    visitor_ttl: float = duration("12h", "How long a page's session lasts without a sign of life.", low="1m")
    calls_per_address: int = number(10, "Calls that one address may start in ten minutes.", 1)
    callbacks_per_address: int = number(5, "Callbacks that one address may ask for in an hour.", 1)
    code_ttl: float = duration("15m", "How long a six-digit code is valid.", low="1m")


@dataclass(frozen=True)
class CobrowseSettings:
    """Co-browsing."""

    keep_replays: bool = flag(
        False,
        "Keep what agents see of customers' pages, for as long as recordings (recording.retention); "
        "customers are told when they are asked to share their page.",
    )
    replays: Path = path("{state_dir}/replays", "Where replays are kept; on a local disk.")
    replay_size: int = size("64 MB", "The largest replay; what follows is not kept.", low="1 MB")


@dataclass(frozen=True)
class ShopSettings:
    """The demonstration shop."""

    enabled: bool = flag(True, "Serve the demonstration shop.")
    listen: str = text("127.0.0.1", "The address to listen on.")
    port: int = number(8010, "The shop's port; 0 takes any free one.", **PORT)
    payment_port: int = number(8011, "The payment frame's port, an origin of its own; 0 takes any.", **PORT)
    secret_key: str = secret("Signs the shop's session cookies.", generated=True)
    public_url: str = text("", "How customers reach the shop when a proxy stands in front.")
    payment_url: str = text("", "How customers reach the payment frame when a proxy stands in front.")


@dataclass(frozen=True)
class LoggingSettings:
    """Logs, on standard error."""

    level: str = text("info", "The least severe level shown.", ("debug", "info", "warning", "error"))
    format: str = text("text", "Lines for people (text) or for machines (json).", ("text", "json"))


@dataclass(frozen=True)
class Settings:
    """Every section."""

    paths: PathsSettings = field(default_factory=PathsSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    sip: SipSettings = field(default_factory=SipSettings)
    media: MediaSettings = field(default_factory=MediaSettings)
    prompts: PromptsSettings = field(default_factory=PromptsSettings)
    ivr: IvrSettings = field(default_factory=IvrSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    acd: AcdSettings = field(default_factory=AcdSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    web: WebSettings = field(default_factory=WebSettings)
    webrtc: WebrtcSettings = field(default_factory=WebrtcSettings)
    widget: WidgetSettings = field(default_factory=WidgetSettings)
    cobrowse: CobrowseSettings = field(default_factory=CobrowseSettings)
    shop: ShopSettings = field(default_factory=ShopSettings)
    logging: LoggingSettings = field(default_factory=LoggingSettings)
