/** Plays what the other side says. */
export interface Speaker {
  /** Gives whether the browser let it sound; it may not before the person has used the page. */
  play: (stream: MediaStream) => Promise<boolean>;
  /** Tries again, from a click. */
  resume: () => Promise<boolean>;
  choose: (deviceId: string) => Promise<void>;
  /** 0..1. */
  setVolume: (volume: number) => void;
  stop: () => void;
}

/** Whether this browser can play on another device than its own choice. */
export const canChooseSpeaker = typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;

export function createSpeaker(deviceId: string): Speaker {
  const element = document.createElement("audio");
  element.autoplay = true;
  const choose = async (wanted: string) => {
    if (canChooseSpeaker) await element.setSinkId(wanted);
  };
  const resume = () =>
    element.play().then(
      () => true,
      // A newer stream took this one's place before it began: that one has its own answer.
      (error: unknown) => error instanceof DOMException && error.name === "AbortError",
    );
  // A speaker that is gone: the browser's own choice is better than silence.
  const chosen = deviceId === "" ? Promise.resolve() : choose(deviceId).catch(() => undefined);
  return {
    play: async (stream) => {
      element.srcObject = stream;
      await chosen;
      return resume();
    },
    resume,
    choose,
    setVolume: (volume) => {
      element.volume = Math.min(1, Math.max(0, volume));
    },
    stop: () => {
      element.pause();
      element.srcObject = null;
    },
  };
}
