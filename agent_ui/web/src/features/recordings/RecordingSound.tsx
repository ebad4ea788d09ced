import { useEffect, useRef } from "react";

interface Props {
  readonly id: string;
  readonly watch: string;
  readonly take: (id: string, element: HTMLAudioElement | null) => void;
  readonly onFailed: () => void;
}

/** A recording, played by the player's own buttons. What is said is not written down anywhere: there are no captions. */
export function RecordingSound({ id, watch, take, onFailed }: Props) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    take(id, element.current);
    return () => take(id, null);
  }, [id, take]);
  // eslint-disable-next-line jsx-a11y/media-has-caption
  return <audio ref={element} preload="auto" src={`/api/recordings/watches/${watch}/audio/${id}`} onError={onFailed} />;
}
