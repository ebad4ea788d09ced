import type { MicrophoneProblem } from "./types";

/** The microphone could not be had; `problem` says why. */
export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** Opens a microphone; "" is the browser's own choice. One that is gone is replaced by the browser's choice. */
export async function openMicrophone(deviceId: string): Promise<MediaStream> {
  const devices = mediaDevices();
  if (devices === undefined) throw new MicrophoneError("microphone_unsupported");
  try {
    return await devices.getUserMedia({ audio: constraintsOf(deviceId) });
  } catch (error) {
    const problem = problemOf(error);
    if (deviceId !== "" && problem === "microphone_missing") return openMicrophone("");
    throw new MicrophoneError(problem);
  }
}

/** Whether the page may use the microphone: "prompt" when nobody has been asked, or the browser does not tell. */
export async function microphonePermission(): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    return "prompt";
  }
}

export function constraintsOf(deviceId: string): MediaTrackConstraints {
  const voice = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return deviceId === "" ? voice : { ...voice, deviceId: { exact: deviceId } };
}

/** What a rejection of getUserMedia means (W3C Media Capture, and what browsers add to it). */
export function problemOf(error: unknown): MicrophoneProblem {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "microphone_refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "microphone_missing";
    case "NotReadableError":
    case "AbortError":
      return "microphone_busy";
    default:
      return "microphone_unsupported";
  }
}

/** Undefined where the page does not come over HTTPS, whatever the types say. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}

/** Lets the microphone go; nobody is told that it was lost. */
export function closeStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}
