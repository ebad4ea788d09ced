import { useTexts } from "../../i18n/context";
import { CommandButton } from "../session/Command";
import { TOOLS, wordOf } from "./model";
import { useViewer } from "./useViewer";

interface Props {
  readonly contact: string;
  readonly viewer: string;
  /** Joined by a supervisor: nobody is asked by opening it, and what a colleague has begun is not ended from here. */
  readonly joined?: boolean;
  readonly onClose: () => void;
}

/** The mirror with what can be done on it. The mirror itself is a document of its own, which may run no shop's script. */
export function Mirror({ contact, viewer, joined = false, onClose }: Props) {
  const texts = useTexts();
  const { frame, shared, ask, use, clear, stop } = useViewer(contact, viewer, !joined);
  const { state, tool, refused, ended } = shared;
  const live = state?.phase === "running" && state.page && state.question === null;
  return (
    <>
      <header className="cobrowse-bar">
        <p role="status">
          {texts.say(wordOf(shared))}
          {refused !== "" && <span className="soft"> {texts.find(`cobrowse.refused.${refused}`) ?? texts.say("cobrowse.refused")}</span>}
        </p>
        <div className="cobrowse-asks">
          {live && !state.tiers.view && <Ask onClick={() => ask("view")}>{texts.say("cobrowse.ask_view")}</Ask>}
          {live && state.tiers.view && !state.tiers.point && <Ask onClick={() => ask("point")}>{texts.say("cobrowse.ask_point")}</Ask>}
          {live && state.tiers.view && !state.tiers.control && <Ask onClick={() => ask("control")}>{texts.say("cobrowse.ask_control")}</Ask>}
          {!joined && ended === "" && state?.tiers.view && <Ask onClick={stop}>{texts.say("cobrowse.stop")}</Ask>}
          <CommandButton command="cobrowse" kind="quiet" size="small" icon="close" onClick={onClose}>
            {texts.say("cobrowse.close")}
          </CommandButton>
        </div>
      </header>
      {live && state.tiers.view && (
        <div className="cobrowse-tools" role="group" aria-label={texts.say("cobrowse.tools")}>
          {TOOLS.filter((one) => state.tiers[one.needs]).map((one) => (
            <CommandButton key={one.tool} kind="quiet" size="small" pressed={tool === one.tool} onClick={() => use(one.tool)}>
              {texts.say(one.label)}
            </CommandButton>
          ))}
          {state.tiers.point && (
            <CommandButton kind="quiet" size="small" icon="trash" onClick={clear}>
              {texts.say("cobrowse.clear")}
            </CommandButton>
          )}
        </div>
      )}
      <iframe ref={frame} className="cobrowse-frame" sandbox="allow-scripts allow-same-origin" src={viewer} title={texts.say("cobrowse.viewer")} />
    </>
  );
}

function Ask({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <CommandButton size="small" onClick={onClick}>
      {children}
    </CommandButton>
  );
}
