// A telephone in a page with ears (tests/ears.js), for tests: JsSIP, and a microphone (Chromium's fake one, or none).
// What happens is kept in `events`; Python waits for it there.

import JsSIP from "jssip";

const events = [];
const tell = (name, data = {}) => events.push({ name, at: performance.now(), ...data });

const MICROPHONE = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const speaker = document.createElement("audio");
speaker.muted = true;

let agent = null;
let session = null;
let options = {};

/** Play what the other side says, without which Chromium decodes nothing; only this call counts as heard. */
function play(track) {
  window.ears.forget();
  speaker.srcObject = new MediaStream([track]);
  void speaker.play();
}

/** A tone without a microphone: no permission is asked for, so that the browser hides its addresses (RFC 8828). */
function toneWithoutMicrophone(hertz) {
  const context = new AudioContext();
  const source = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0.25 });
  const target = context.createMediaStreamDestination();
  source.connect(volume).connect(target);
  source.start();
  return target.stream;
}

function media() {
  if (options.tone) {
    return { mediaStream: toneWithoutMicrophone(options.tone) };
  }
  return { mediaConstraints: { audio: MICROPHONE, video: false } };
}

function peerConnection() {
  return {
    pcConfig: {
      iceServers: options.iceServers ?? [],
      iceTransportPolicy: options.relayOnly ? "relay" : "all",
      rtcpMuxPolicy: "require",
    },
    rtcOfferConstraints: { offerToReceiveAudio: true, offerToReceiveVideo: false },
  };
}

/** Leave one codec (and the keys) in an offer: as if the browser knew no other. */
function onlyCodec(sdp, codec) {
  const wanted = new Set();
  for (const [, kind, name] of sdp.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)\//gm)) {
    if ([codec.toLowerCase(), "telephone-event"].includes(name.toLowerCase())) {
      wanted.add(kind);
    }
  }
  return sdp
    .split("\r\n")
    .filter((line) => {
      const about = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line);
      return about === null || wanted.has(about[1]);
    })
    .map((line) => {
      const found = /^(m=audio \d+ \S+) (.+)$/.exec(line);
      return found === null ? line : `${found[1]} ${found[2].split(" ").filter((kind) => wanted.has(kind)).join(" ")}`;
    })
    .join("\r\n");
}

function watch(made) {
  session = made;
  for (const name of ["progress", "accepted", "confirmed", "hold", "unhold", "reinvite", "update"]) {
    session.on(name, (event) => tell(name, { originator: event.originator ?? "" }));
  }
  for (const name of ["ended", "failed"]) {
    session.on(name, (event) =>
      tell(name, { originator: event.originator, cause: event.cause, status: event.message?.status_code ?? 0 }),
    );
  }
  session.on("newDTMF", (event) => tell("digit", { originator: event.originator, tone: event.dtmf.tone }));
  session.on("sdp", (event) => {
    if (event.type === "offer") {
      event.sdp = options.codec ? onlyCodec(event.sdp, options.codec) : event.sdp;
    }
    if (event.originator === "local" && event.type === "offer") {
      event.sdp = options.setup ? event.sdp.replace(/a=setup:\w+/, `a=setup:${options.setup}`) : event.sdp;
    }
    tell("sdp", { originator: event.originator, type: event.type, sdp: event.sdp });
  });
  session.on("peerconnection", (event) => attach(event.peerconnection));
  if (session.connection) {
    attach(session.connection);
  }
}

function attach(connection) {
  connection.addEventListener("track", (event) => play(event.track));
  connection.addEventListener("connectionstatechange", () => tell("connection", { state: connection.connectionState }));
}

window.phone = {
  events,

  /** Connect; `wanted` has url, uri, token (RFC 8898), register, and what `configure` takes. */
  start(wanted) {
    options = wanted;
    const configuration = {
      sockets: [new JsSIP.WebSocketInterface(wanted.url)],
      uri: wanted.uri ?? "sip:browser@comptoir.invalid",
      register: wanted.register ?? false,
      session_timers: wanted.sessionTimers ?? false,
      user_agent: "Test page",
    };
    if (wanted.token) {
      configuration.authorization_jwt = `Bearer ${wanted.token}`;
    }
    agent = new JsSIP.UA(configuration);
    agent.on("connected", () => tell("connected"));
    agent.on("disconnected", () => tell("disconnected"));
    agent.on("registered", () => tell("registered"));
    agent.on("registrationFailed", (event) => tell("refused", { cause: event.cause }));
    agent.on("newRTCSession", (event) => {
      watch(event.session);
      tell(event.originator === "local" ? "outgoing" : "incoming", { caller: event.request.from.uri.user });
    });
    agent.start();
  },

  /** codec (of offers, ours and theirs), setup (of ours), tone, iceServers, relayOnly: for calls from now on. */
  configure(wanted) {
    options = { ...options, ...wanted };
  },

  call(target) {
    agent.call(target, { ...media(), ...peerConnection() });
  },

  answer() {
    session.answer({ ...media(), ...peerConnection() });
  },

  refuse(status) {
    session.terminate({ status_code: status });
  },

  hangUp() {
    session.terminate();
  },

  hold() {
    return session.hold();
  },

  /** False while the hold before it is still being agreed. */
  unhold() {
    return session.unhold();
  },

  mute(muted) {
    if (muted) {
      session.mute({ audio: true });
    } else {
      session.unmute({ audio: true });
    }
  },

  /** `method` is RFC2833 or INFO, as JsSIP calls them. */
  digits(keys, method) {
    session.sendDTMF(keys, { transportType: method, duration: 120, interToneGap: 100 });
  },

  /** Stop sending and receiving without a word, as a machine that is gone. */
  vanish() {
    session.connection.close();
  },

  /** How the call travels: codecs, candidates, DTLS, packets. */
  async statistics() {
    const found = {};
    const all = await session.connection.getStats();
    all.forEach((one) => {
      if (one.type === "inbound-rtp" || one.type === "outbound-rtp") {
        found[one.type] = {
          codec: all.get(one.codecId)?.mimeType ?? "",
          packets: one.packetsReceived ?? one.packetsSent,
          lost: one.packetsLost ?? 0,
        };
      } else if (one.type === "transport") {
        const pair = all.get(one.selectedCandidatePairId);
        found.transport = { dtls: one.dtlsState, role: one.dtlsRole, cipher: one.srtpCipher ?? "" };
        found.local = pair ? all.get(pair.localCandidateId).candidateType : "";
        found.remote = pair ? all.get(pair.remoteCandidateId).address : "";
      }
    });
    return found;
  },

  stop() {
    agent?.stop();
  },
};
