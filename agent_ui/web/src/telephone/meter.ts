/** Hears how loud streams are. */
export interface Meter {
  watch: (which: "microphone" | "speaker", stream: MediaStream) => void;
  /** Loudness 0..1 since the last reading; null when it is not known. */
  read: (which: "microphone" | "speaker") => number | null;
  stop: () => void;
}

/** Without Web Audio, or before the browser lets it run, everything is unknown. */
export function createMeter(): Meter {
  const context = new AudioContext();
  void context.resume();
  const watched: Partial<Record<"microphone" | "speaker", Watched>> = {};
  return {
    watch: (which, stream) => {
      watched[which]?.source.disconnect();
      const source = context.createMediaStreamSource(stream);
      const analyser = context.createAnalyser();
      analyser.fftSize = 2048;
      source.connect(analyser);
      watched[which] = { source, analyser, samples: new Float32Array(analyser.fftSize) };
    },
    read: (which) => {
      const one = watched[which];
      if (one === undefined || context.state !== "running") return null;
      one.analyser.getFloatTimeDomainData(one.samples);
      return loudness(one.samples);
    },
    stop: () => {
      void context.close().catch(() => undefined);
    },
  };
}

interface Watched {
  readonly source: MediaStreamAudioSourceNode;
  readonly analyser: AnalyserNode;
  readonly samples: Float32Array<ArrayBuffer>;
}

/** The root mean square of samples in -1..1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
