import type { Credentials, IceServer } from "./types";

/** Credentials as the server writes them. */
export interface Ticket {
  readonly ws_url: string;
  readonly domain: string;
  readonly user: string;
  readonly token: string;
  /** Seconds from now: the clocks of server and browser may differ. */
  readonly expires_in: number;
  readonly ice_servers: readonly IceServer[];
}

export function credentialsOf(ticket: Ticket, now = Date.now()): Credentials {
  return {
    wsUrl: ticket.ws_url,
    domain: ticket.domain,
    user: ticket.user,
    token: ticket.token,
    expiresAt: now + ticket.expires_in * 1000,
    iceServers: ticket.ice_servers,
  };
}
