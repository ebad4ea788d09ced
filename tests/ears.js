// Ears, put into a page before its own scripts: they keep what the page's calls hear, piece by piece and with its
// time. The sound itself is not changed.
(() => {
  const PIECES_KEPT = 6_000;
  const heard = [];

  /** How loud a tone is in a piece, in dB of full scale. */
  function loudness({ samples, rate }, hertz) {
    let [re, im] = [0, 0];
    samples.forEach((value, n) => {
      const turn = (2 * Math.PI * hertz * n) / rate;
      re += value * Math.cos(turn);
      im += value * Math.sin(turn);
    });
    return 20 * Math.log10((2 * Math.hypot(re, im)) / samples.length + 1e-9);
  }

  function base64(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  }

  async function listen(track) {
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const samples = new Float32Array(next.value.numberOfFrames);
      next.value.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      heard.push({ at: window.ears.now(), rate: next.value.sampleRate, samples });
      next.value.close();
      if (heard.length > PIECES_KEPT) heard.shift();
    }
  }

  window.ears = {
    /** Unix milliseconds, with fractions. */
    now: () => performance.timeOrigin + performance.now(),
    forget() {
      heard.length = 0;
    },
    /** The samples since `since` (of `now`), 32-bit in base64, and their rate. */
    samples(since = 0) {
      const pieces = heard.filter((one) => one.at >= since);
      const all = new Float32Array(pieces.reduce((sum, one) => sum + one.samples.length, 0));
      let place = 0;
      for (const { samples } of pieces) {
        all.set(samples, place);
        place += samples.length;
      }
      return { samples: base64(new Uint8Array(all.buffer)), rate: pieces.at(-1)?.rate ?? 48000 };
    },
    /** When the pieces were heard in which this tone is. */
    tone: (hertz, since = 0) =>
      heard.filter((one) => one.at >= since && loudness(one, hertz) > -35).map((one) => one.at),
    /** The page's connections, the latest at the end. */
    connections: [],
  };

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      window.ears.connections.push(this);
      this.addEventListener("track", ({ track }) => void listen(track));
    }
  };
})();
