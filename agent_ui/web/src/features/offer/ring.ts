/** Rings softly, as long as it is not stopped: two notes, twice, then silence. Made here: no sound file. */
export function startRinging(): () => void {
  const context = audioContext();
  if (context === null) return () => undefined;
  const ring = () => {
    for (const [index, frequency] of NOTES.entries()) note(context, frequency, context.currentTime + index * 0.18);
  };
  ring();
  const timer = setInterval(ring, PERIOD);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

const PERIOD = 2600;
const NOTES = [659.25, 783.99, 659.25, 783.99];
const LOUDNESS = 0.09;

function note(context: AudioContext, frequency: number, at: number): void {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.17);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.18);
}

/** Browsers allow sound only after the person has used the page; before that it stays silent. */
function audioContext(): AudioContext | null {
  if (!navigator.userActivation.hasBeenActive) return null;
  return new AudioContext();
}
