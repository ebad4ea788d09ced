/** Rings softly, as long as it is not stopped: two notes, twice, then silence. Made here: no sound file. */
export function startRinging(deviceId = ""): () => void {
  const sound = soundOn(deviceId);
  if (sound === null) return () => undefined;
  const ring = () => {
    for (const [index, frequency] of NOTES.entries()) note(sound, frequency, index * 0.18);
  };
  ring();
  const timer = setInterval(ring, PERIOD);
  return () => {
    clearInterval(timer);
    sound.stop();
  };
}

/** Two short notes: a call is about to be answered by itself, or a device is tried. */
export function beep(deviceId = ""): void {
  const sound = soundOn(deviceId);
  if (sound === null) return;
  note(sound, BEEP, 0);
  note(sound, BEEP, 0.24);
  setTimeout(sound.stop, 800);
}

const PERIOD = 2600;
const NOTES = [659.25, 783.99, 659.25, 783.99];
const BEEP = 880;
const LOUDNESS = 0.09;

interface Sound {
  readonly context: AudioContext;
  readonly output: AudioNode;
  readonly stop: () => void;
}

/** The browser's own output, or through an element a chosen device. Null before the person has used the page:
 *  browsers allow no sound then. */
function soundOn(deviceId: string): Sound | null {
  if (!navigator.userActivation.hasBeenActive) return null;
  const context = new AudioContext();
  const close = () => void context.close();
  if (deviceId === "" || !("setSinkId" in HTMLMediaElement.prototype)) return { context, output: context.destination, stop: close };
  const output = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = output.stream;
  // A device that is gone: the browser's own choice is better than no ring.
  void element.setSinkId(deviceId).catch(() => undefined);
  void element.play().catch(() => undefined);
  return {
    context,
    output,
    stop: () => {
      element.pause();
      element.srcObject = null;
      close();
    },
  };
}

function note({ context, output }: Sound, frequency: number, after: number): void {
  const at = context.currentTime + after;
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.17);
  oscillator.connect(volume).connect(output);
  oscillator.start(at);
  oscillator.stop(at + 0.18);
}
