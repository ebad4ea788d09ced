import { expect, it } from "vitest";

import { credentialsOf } from "./credentials";
import { rtcConfiguration } from "./session";

const STUN = { urls: ["stun:stun.example.com:3478"], username: "", credential: "" };
const TURN = { urls: ["turn:turn.example.com:3478"], username: "1764000000:alice", credential: "secret" };
const TICKET = { ws_url: "wss://pbx/sip", domain: "pbx", user: "alice", token: "v1.x.y", expires_in: 600, ice_servers: [STUN, TURN] };

it("end by this browser's clock", () => {
  expect(credentialsOf(TICKET, 1000).expiresAt).toBe(601_000);
});

it("give WebRTC no empty user name, which some browsers refuse", () => {
  expect(rtcConfiguration(credentialsOf(TICKET).iceServers).iceServers).toEqual([{ urls: STUN.urls }, TURN]);
});
