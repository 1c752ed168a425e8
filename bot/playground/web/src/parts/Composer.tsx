import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Answer } from "../slack/client";
import { useWorkspace } from "../state/store";
import { withReferences } from "../text/compose";
import { emojiFor } from "../text/emoji";
import { AttachButton, ChosenFiles, dropping } from "./Attaching";
import { EmojiPicker } from "./EmojiPicker";
import { Icon } from "./Icon";
import { Menu, type MenuItem } from "./Menu";
import { Suggestions, useSuggestions } from "./Suggestions";

interface Props {
  /** What the draft belongs to: it is kept while one looks elsewhere. */
  draftKey: string;
  label: string;
  placeholder: string;
  onSend: (text: string, files: File[]) => Promise<Answer>;
  initial?: string;
  onCancel?: () => void;
  autoFocus?: boolean;
  shortcuts?: MenuItem[];
  /** Whether files can go with it. */
  takesFiles?: boolean;
  sendLabel?: string;
}

const drafts = new Map<string, string>();

/** Where one writes: Enter sends, Shift+Enter breaks the line, `@`, `#`, `:` and `/` complete. */
export function Composer(props: Props) {
  const { draftKey, label, placeholder, onSend, initial, onCancel } = props;
  const [text, setText] = useState(initial ?? drafts.get(draftKey) ?? "");
  const [sending, setSending] = useState(false);
  const [files, setFiles] = useState<File[]>([]);
  const [picking, setPicking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const smile = useRef<HTMLButtonElement>(null);
  const boot = useWorkspace((state) => state.boot);
  const directory = useMemo(
    () => ({ people: boot?.people ?? [], channels: boot?.channels ?? [], usergroups: boot?.usergroups ?? [] }),
    [boot],
  );
  const suggestions = useSuggestions(field, text, boot);

  useEffect(() => {
    if (initial === undefined) drafts.set(draftKey, text);
  }, [draftKey, initial, text]);

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 260)}px`;
  }, [text]);

  useEffect(() => {
    const area = field.current;
    if (!props.autoFocus || !area || !window.matchMedia("(hover: hover)").matches) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, [props.autoFocus, draftKey]);

  const send = async () => {
    const typed = text.trim();
    if ((!typed && files.length === 0) || sending) return;
    setSending(true);
    setText("");
    setFiles([]);
    const answer = await onSend(withReferences(typed, directory), files);
    setSending(false);
    if (!answer.ok) {
      setText((now) => now || typed);
      setFiles((now) => (now.length > 0 ? now : files));
    }
    field.current?.focus();
  };

  /** Puts text where the caret is, around what is selected. */
  const insert = (before: string, after = "") => {
    const area = field.current;
    if (!area) return;
    const [from, to] = [area.selectionStart, area.selectionEnd];
    setText(text.slice(0, from) + before + text.slice(from, to) + after + text.slice(to));
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(from + before.length, to + before.length);
    });
  };

  const complete = (at?: number) => {
    const done = suggestions.complete(at);
    if (!done) return;
    setText(done.text);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(done.caret, done.caret);
      suggestions.follow();
    });
  };

  const key = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (suggestions.items.length > 0) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        return suggestions.move(event.key === "ArrowDown" ? 1 : -1);
      }
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        return complete();
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && onCancel) {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if ((event.ctrlKey || event.metaKey) && (event.key === "b" || event.key === "i")) {
      event.preventDefault();
      insert(event.key === "b" ? "*" : "_", event.key === "b" ? "*" : "_");
    }
  };

  const open = suggestions.items.length > 0;
  return (
    <div className="composer" {...(props.takesFiles ? dropping((dropped) => setFiles((now) => [...now, ...dropped])) : {})}>
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label={label}
        placeholder={placeholder}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? suggestions.listId : undefined}
        aria-activedescendant={open ? `${suggestions.listId}-${suggestions.active}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          suggestions.follow();
        }}
        onSelect={suggestions.follow}
        onKeyDown={key}
        onBlur={suggestions.close}
      />
      <ChosenFiles files={files} onRemove={(gone) => setFiles((now) => now.filter((file) => file !== gone))} />
      <Suggestions anchor={field} suggestions={suggestions} onPick={complete} />
      <div className="composer-tools">
        {props.shortcuts && props.shortcuts.length > 0 && (
          <Menu label="Shortcuts" className="tool" align="start" trigger={<Icon name="bolt" />} items={props.shortcuts} />
        )}
        {props.takesFiles && <AttachButton onChoose={(chosen) => setFiles((now) => [...now, ...chosen])} />}
        <button type="button" className="tool" aria-label="Bold" title="Bold (Ctrl+B)" onClick={() => insert("*", "*")}><b>B</b></button>
        <button type="button" className="tool" aria-label="Italic" title="Italic (Ctrl+I)" onClick={() => insert("_", "_")}><i>I</i></button>
        <button type="button" className="tool" aria-label="Code" title="Code" onClick={() => insert("`", "`")}><code>{"<>"}</code></button>
        <button type="button" className="tool" aria-label="Mention somebody" title="Mention somebody" onClick={() => { insert("@"); requestAnimationFrame(() => suggestions.follow()); }}>
          <Icon name="at" />
        </button>
        <button ref={smile} type="button" className="tool" aria-label="Emoji" title="Emoji" aria-expanded={picking} onClick={() => setPicking(!picking)}>
          <Icon name="smile" />
        </button>
        {picking && (
          <EmojiPicker anchor={smile} onClose={() => setPicking(false)}
            onPick={(name) => { setPicking(false); insert(emojiFor(name) ?? `:${name}:`); }} />
        )}
        <span className="spacer" />
        {onCancel && <button type="button" className="button" onClick={onCancel}>Cancel</button>}
        <button type="button" className={props.sendLabel ? "button primary" : "send"} aria-label={props.sendLabel ?? "Send"} title="Send (Enter)"
          disabled={(!text.trim() && files.length === 0) || sending} onClick={() => void send()}>
          {props.sendLabel ?? <Icon name="send" />}
        </button>
      </div>
    </div>
  );
}
