// Put into the desk's page before its own scripts, after the ears: a microphone without the processing that would take a
// test's tone for noise, and a switch for the network.
(() => {
  window.faults = {
    /** The latest call's audio goes nowhere any more, as after a change of network: the browser says that ICE failed. */
    loseNetwork() {
      const connection = window.ears.connections.at(-1);
      for (const sender of connection.getSenders()) void sender.replaceTrack(null);
      Object.defineProperty(connection, "iceConnectionState", { get: () => "failed" });
      connection.dispatchEvent(new Event("iceconnectionstatechange"));
    },
    /** The connections to the SIP edge. */
    sockets: [],
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      if (given[1] === "sip") window.faults.sockets.push(this);
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
