// Put into the desk's page before its own scripts, for tests: ears that keep what the page's calls hear, a microphone
// without the processing that would take a test's tone for noise, and a switch for the network.
(() => {
  const KEPT = 20;
  const heard = [];
  window.ears = {
    /** The samples since `since` (milliseconds of performance.now), in base64, and their rate. */
    heard(since) {
      const frames = heard.filter((one) => one.at >= since);
      const all = new Float32Array(frames.reduce((sum, one) => sum + one.samples.length, 0));
      let place = 0;
      for (const { samples } of frames) {
        all.set(samples, place);
        place += samples.length;
      }
      const bytes = new Uint8Array(all.buffer);
      let text = "";
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      return { samples: btoa(text), rate: frames.at(-1)?.rate ?? 48000 };
    },
    now: () => performance.now(),
    /** The latest call's audio goes nowhere any more, as after a change of network: the browser says that ICE failed. */
    loseNetwork() {
      const connection = this.connections.at(-1);
      for (const sender of connection.getSenders()) void sender.replaceTrack(null);
      Object.defineProperty(connection, "iceConnectionState", { get: () => "failed" });
      connection.dispatchEvent(new Event("iceconnectionstatechange"));
    },
    connections: [],
    sockets: [],
  };

  async function listen(track) {
    const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const samples = new Float32Array(next.value.numberOfFrames);
      next.value.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      heard.push({ at: performance.now(), rate: next.value.sampleRate, samples });
      next.value.close();
      if (heard.length > KEPT * 100) heard.shift();
    }
  }

  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...args) {
      super(...args);
      window.ears.connections.push(this);
      this.addEventListener("track", ({ track }) => void listen(track));
    }
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      if (args[1] === "sip") window.ears.sockets.push(this);
    }
  };

  const devices = navigator.mediaDevices;
  if (devices) {
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = ({ audio, ...rest }) => {
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      return open({ ...rest, audio: typeof audio === "object" ? { ...audio, ...plain } : plain });
    };
  }
})();
